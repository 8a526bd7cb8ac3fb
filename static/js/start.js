/* The portal works without this file; it wakes the design system and saves clicks. */

/* Accordions arrive open, so that they can be read without script. */
document.querySelectorAll('.accordion[data-start="closed"]').forEach((list) => {
  list.querySelectorAll('.accordion-button:not(.start-open)').forEach((button) => button.setAttribute('aria-expanded', 'false'));
  list.classList.add('is-ready');
});

/* A dialog's opener is a submit button to the confirm page; with script the dialog opens instead. */
document.querySelectorAll('[data-module="modal"]').forEach((opener) => {
  opener.addEventListener('click', (event) => event.preventDefault());
});

DKFDS.init();

/* The design system speaks Danish only: the page says what its own words are. */
document.querySelectorAll('.accordion-bulk-button').forEach((button) => {
  const rename = () => {
    const opens = button.getAttribute('data-accordion-bulk-expand') === 'true';
    button.textContent = opens ? button.dataset.openAll : button.dataset.closeAll;
  };
  button.addEventListener('click', rename);
  button.nextElementSibling.querySelectorAll('.accordion-button').forEach((fold) => fold.addEventListener('click', rename));
  rename();
});
const more = document.querySelector('[data-more]');
if (more) {
  const rename = () => more.querySelectorAll('.more-option .button-overflow-menu span').forEach((span) => { if (span.textContent !== more.dataset.more) span.textContent = more.dataset.more; });
  new MutationObserver(rename).observe(more, { childList: true, subtree: true });
  rename();
}
