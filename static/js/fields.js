/* Show a password, print a page. */
document.querySelectorAll('[data-show]').forEach((box) => {
  box.addEventListener('change', () => {
    document.getElementById(box.dataset.show).type = box.checked ? 'text' : 'password';
  });
});
document.querySelectorAll('[data-print]').forEach((button) => {
  button.addEventListener('click', () => window.print());
});
