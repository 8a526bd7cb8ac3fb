/* Saves numbers as they are typed, and fills in what somebody else has saved meanwhile. Without this file the buttons do. */
const form = document.querySelector('form[data-report]');
if (form) {
  const was = form.querySelector('input[name="was"]');
  const told = form.querySelector('[data-saved]');
  const inputs = [...form.querySelectorAll('input[type="text"]')];
  let timer = 0;
  let busy = false;
  let again = false;
  let leaving = false;
  let over = false;

  const asText = (number) => (number === null || number === undefined ? '' : String(number));

  const tell = (kind, text) => {
    const icon = form.querySelector(`template[data-${kind}-icon]`).content.cloneNode(true);
    icon.querySelector('.status > span').textContent = text;
    told.replaceChildren(icon);
  };

  /* Fields that nobody here has touched follow what is saved. `before` is what the page last knew, `sent` what went with
     the save that is answered. A number of another's that this page does not show keeps its old mark: a save then tells
     of it, and writes nothing over it unseen. */
  const follow = (answer, before, sent) => {
    const now = JSON.parse(answer.was);
    let others = false;
    inputs.forEach((input) => {
      const { name } = input;
      const old = asText(before[name]);
      const written = input.value.trim();
      if (asText(now[name]) === old) return;
      if (written === old && input !== document.activeElement) {
        input.value = asText(now[name]);
        others = true;
      } else if (written !== asText(now[name]) && (!sent || sent[name] === old)) {
        now[name] = before[name] ?? null;
      }
    });
    was.value = JSON.stringify(now);
    return others;
  };

  const mark = (errors) => inputs.forEach((input) => {
    const wrong = errors[input.name];
    if (wrong) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
    const group = input.closest('.form-group, .entry-cell');
    group.classList.toggle('form-error', Boolean(wrong));
    if (!wrong) {
      document.getElementById(`${input.id}_error`)?.remove();
    }
  });

  /* The page is too old, or its link opens nothing any more: asking again would not help. */
  const answerOf = async (response) => {
    if (response.status === 403 || response.status === 404) return { closed: form.dataset.over };
    return response.json();
  };
  const close = (text) => { over = true; again = false; clearTimeout(timer); tell('failed', text); };

  const save = async () => {
    if (over) return;
    if (busy) { again = true; return; }
    busy = true;
    const before = JSON.parse(was.value);
    const sent = Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()]));
    const data = new FormData(form);
    data.set('autosave', '1');
    try {
      const response = await fetch(form.action, { method: 'POST', body: data, headers: { Accept: 'application/json' }, credentials: 'same-origin', redirect: 'error' });
      const answer = await answerOf(response);
      if (answer.closed) { close(answer.closed); return; }
      if (leaving) return;
      const others = follow(answer, before, sent);
      mark(answer.errors);
      const wrong = Object.entries(answer.errors);
      if (wrong.length) {
        const [name, text] = wrong[0];
        const field = form.elements[name];
        const label = field ? form.querySelector(`label[for="${field.id}"]`).textContent : '';
        tell('failed', `${label}: ${text}`);
      } else if (answer.saved) {
        tell('saved', others ? `${answer.saved} ${form.dataset.other}` : answer.saved);
      }
    } catch {
      tell('failed', form.dataset.offline);
      again = false;
      timer = setTimeout(save, 10000);
    } finally {
      busy = false;
      if (again) { again = false; save(); }
    }
  };

  const soon = () => { clearTimeout(timer); timer = setTimeout(save, 600); };
  form.addEventListener('input', soon);
  form.addEventListener('change', () => { clearTimeout(timer); save(); });
  form.addEventListener('submit', () => { leaving = true; clearTimeout(timer); });

  /* Two people at once: what the other has saved shows here, too. */
  setInterval(async () => {
    if (over || busy || document.hidden) return;
    const before = JSON.parse(was.value);
    try {
      const response = await fetch(`${form.action.split('?')[0]}?tal=1`, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
      const answer = await answerOf(response);
      if (answer.closed) close(answer.closed);
      else if (!busy && was.value === JSON.stringify(before) && follow(answer, before, null)) tell('saved', `${answer.saved} ${form.dataset.other}`);
    } catch { /* the next save tells */ }
  }, 10000);
}
