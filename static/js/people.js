/* Rows that can be ticked: how many are, in the bar under them. The design system ticks all and colours the rows. */
document.querySelectorAll('.table--selectable').forEach((table) => {
  const bar = document.querySelector(`[data-selection-of="${table.id}"]`);
  const said = bar && bar.querySelector('.table-selected-number');
  const boxes = [...table.querySelectorAll('tbody td:first-child .form-checkbox')];
  const all = table.querySelector('thead .form-checkbox');
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => box.closest('tr').classList.toggle('table-row-selected', box.checked));
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
      all.classList.toggle('mixed', all.indeterminate);
    }
    if (!said) return;
    const words = chosen === 0 ? bar.dataset.none : chosen === 1 ? bar.dataset.one : bar.dataset.many;
    said.textContent = words.replace('#', chosen);
    said.classList.toggle('no-selected', chosen === 0);
  };
  table.addEventListener('fds.table.selectable.updated', tell);
  /* A page that the browser brings back has kept its ticks. */
  window.addEventListener('pageshow', tell);
  tell();
});
