/* The waiting room's clocks go on between two answers of the server. Nothing here is read aloud. */
const firstSeen = new WeakMap();
const filled = (words, numbers) => numbers.reduce((text, number) => text.replace('#', number), words);

setInterval(() => {
  document.querySelectorAll('[data-waited]').forEach((cell) => {
    if (!firstSeen.has(cell)) firstSeen.set(cell, performance.now());
    const seconds = Number(cell.dataset.waited) + Math.floor((performance.now() - firstSeen.get(cell)) / 1000);
    const minutes = Math.floor(seconds / 60);
    cell.textContent = minutes ? filled(cell.dataset.minutes, [minutes, seconds % 60]) : filled(cell.dataset.seconds, [seconds]);
  });
}, 1000);

/* "Last updated": also when the server had nothing new to tell. */
document.addEventListener('htmx:afterOnLoad', () => {
  const clock = document.querySelector('[data-clock]');
  if (!clock) return;
  const now = new Date().toLocaleTimeString('en-GB', { timeZone: 'Europe/Copenhagen' }).split(':');
  clock.textContent = filled(clock.dataset.clock, [Number(now[0]), now[1], now[2]]);
});
