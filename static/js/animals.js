/* The nine animals: arrow keys move between them, and a double click is one choice. */
const form = document.querySelector('[data-animals]');
if (form) {
  const buttons = [...form.querySelectorAll('button')];
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // Coming back by the browser's own button shows the page as it was left.
  window.addEventListener('pageshow', () => { sent = false; });
  form.addEventListener('keydown', (event) => {
    const here = buttons.indexOf(document.activeElement);
    const across = getComputedStyle(buttons[0].closest('ul')).gridTemplateColumns.split(' ').length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (here < 0 || !step) return;
    event.preventDefault();
    buttons[here + step]?.focus();
  });
}
