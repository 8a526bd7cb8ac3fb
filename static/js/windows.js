/* Pages that follow what happens: a clock that counts down, and one voice that speaks when a state has changed.

   [data-seconds-left]  the clock, and by data-meter the id of its bar
   [data-card]          a thing with a data-state, and in data-said what to say when it gets there
   [data-live]          the part that htmx draws anew; data-menu: what its item in the menu says now
   [data-said] in a role="status": the voice, outside of what is drawn anew */
{
  const ends = new WeakMap();
  const tick = () => document.querySelectorAll('[data-seconds-left]').forEach((clock) => {
    if (!ends.has(clock)) ends.set(clock, performance.now() + Number(clock.dataset.secondsLeft) * 1000);
    const left = Math.max(0, Math.ceil((ends.get(clock) - performance.now()) / 1000));
    const meter = document.getElementById(clock.dataset.meter);
    clock.textContent = `${Math.floor(left / 60)}.${String(left % 60).padStart(2, '0')}`;
    if (meter) meter.value = left;
  });

  const states = () => new Map([...document.querySelectorAll('[data-card]')].map((card) => [card.dataset.card, card.dataset.state]));
  const voice = document.querySelector('[role="status"][data-said]');
  let known = states();
  let held = null;

  const redrawn = () => {
    const said = [...document.querySelectorAll('[data-card]')]
      .filter((card) => known.has(card.dataset.card) && known.get(card.dataset.card) !== card.dataset.state)
      .map((card) => card.dataset.said);
    if (said.length && voice) voice.textContent = said.join(' ');
    known = states();
    const live = document.querySelector('[data-live][data-menu]');
    if (live) document.querySelectorAll(`.nav-link[href="${window.location.pathname}"] span`).forEach((item) => { item.textContent = live.dataset.menu; });
    // Whoever stood on a button that is gone goes on from its card.
    if (held && document.activeElement === document.body) document.getElementById(held)?.focus();
    tick();
  };

  document.addEventListener('htmx:beforeSwap', () => {
    held = document.activeElement?.closest('[data-card]')?.id;
  });
  document.addEventListener('htmx:afterSettle', redrawn);
  tick();
  setInterval(tick, 1000);
}
