/* Picture passwords: choose without a round trip. The choices live here and leave with Next, never in the page. */
const form = document.querySelector('[data-pictures]');
if (form) {
  const FOUR = 4;
  const slots = [...form.querySelectorAll('.pic-slots li')];
  const buttons = [...form.querySelectorAll('.pic-button')];
  const said = form.querySelector('[data-said]');
  const next = form.querySelector('[data-next]');
  const tools = form.querySelector('.pic-tools');
  const missing = form.querySelector('[data-missing]');
  const tick = form.querySelector('[data-tick]').content;
  const texts = form.dataset;
  let picked = [];

  const fill = (text, number) => text.replace('#', number);
  const words = (text) => {
    const span = document.createElement('span');
    span.className = 'sr-only';
    span.textContent = text;
    return span;
  };
  const draw = () => {
    slots.forEach((slot, i) => {
      const last = i === picked.length - 1;
      slot.className = i < picked.length ? 'is-filled' : i === picked.length ? 'is-next' : '';
      if (i < picked.length) {
        const drawing = last ? picked[i].querySelector('svg').cloneNode(true) : tick.cloneNode(true);
        slot.replaceChildren(drawing, words(fill(last ? texts.slotLast : texts.slotChosen, i + 1)));
      } else {
        const number = document.createElement('span');
        number.className = 'slot-number';
        number.textContent = i + 1;
        number.setAttribute('aria-hidden', 'true');
        slot.replaceChildren(number, words(fill(texts.slotMissing, i + 1)));
      }
    });
    missing.hidden = true;
    tools.querySelectorAll('button').forEach((button) => { button.hidden = picked.length === 0; });
  };
  const change = (now) => {
    picked = now;
    draw();
    said.textContent = picked.length === FOUR ? texts.all : fill(texts.count, picked.length);
  };
  const back = () => {
    change(picked.slice(0, -1));
    if (document.activeElement.hidden || document.activeElement === document.body) buttons[0].focus();
  };

  buttons.forEach((button) => button.addEventListener('click', (event) => {
    event.preventDefault();
    if (picked.length < FOUR) change([...picked, button]);
    if (picked.length === FOUR) next.focus();
  }));
  next.addEventListener('click', (event) => {
    const left = FOUR - picked.length;
    if (left === 0) return;
    event.preventDefault();
    missing.textContent = left === 1 ? texts.missingOne : fill(texts.missingMany, left);
    missing.hidden = false;
    said.textContent = missing.textContent;
  });
  form.addEventListener('submit', () => {
    const field = form.querySelector('[name="chosen"]');
    field.disabled = false;
    field.value = picked.map((button) => button.value).join(' ');
  });
  form.querySelector('[data-undo]').addEventListener('click', (event) => { event.preventDefault(); back(); });
  form.querySelector('[data-clear]').addEventListener('click', (event) => {
    event.preventDefault();
    change([]);
    buttons[0].focus();
  });
  form.addEventListener('keydown', (event) => {
    const here = buttons.indexOf(document.activeElement);
    const across = getComputedStyle(buttons[0].closest('ul')).gridTemplateColumns.split(' ').length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (event.key === 'Backspace') { event.preventDefault(); back(); }
    if (here >= 0 && step) {
      event.preventDefault();
      buttons[here + step]?.focus();
    }
  });
  draw();
}
