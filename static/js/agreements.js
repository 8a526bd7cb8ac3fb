/* The dialog *Bekræft statusskifte* says which rows it is about. Without script a page of its own asks. */
const dialog = document.getElementById('bekraeft');
const about = dialog && dialog.querySelector('[data-chosen]');
document.querySelectorAll('[data-target="bekraeft"]').forEach((opener) => {
  opener.addEventListener('click', () => {
    const names = [...document.querySelectorAll('#anmodninger tbody .form-checkbox:checked')].map((box) => box.dataset.name);
    const shown = names.slice(0, 5).join(' · ');
    const more = names.length > 5 ? ` · ${about.dataset.more.replace('#', names.length - 5)}` : '';
    about.textContent = names.length ? shown + more : about.dataset.none;
    dialog.querySelector('[name="udfoer"]').hidden = !names.length;
  });
});
