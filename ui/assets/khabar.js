// Runs once, with the evidence panel as `element`. Buttons live in the chat and in the panel; their clicks
// become the panel's own events, and the panel scrolls to the quote when it has changed.
let pressed = null;

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.matches('.khabar-cite')) {
    pressed = button;
    trigger('cite', { key: button.value });
  } else if (button.matches('.khabar-open')) {
    pressed = button;
    trigger('open', { id: button.value });
  } else if (button.matches('.khabar-ask')) {
    trigger('ask', { question: button.value });
  } else if (button.matches('.khabar-back')) {
    document.querySelector('#khabar-chat').scrollIntoView({ block: 'start' });
    document.querySelector('#khabar-question textarea')?.focus({ preventScroll: true });
  }
});

watch('value', () => {
  const panel = element.closest('#khabar-evidence');
  const mark = element.querySelector('#khabar-quote');
  panel.scrollTop = 0;
  if (mark) {
    const offset = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop = Math.max(0, offset - panel.clientHeight / 3);
  }
  // Beside the chat the panel is in view already; below it, on a phone, whoever pressed a button is taken there.
  if (pressed) {
    const box = panel.getBoundingClientRect();
    if (box.top > window.innerHeight / 2 || box.bottom < 0) panel.scrollIntoView({ block: 'start' });
    mark?.focus({ preventScroll: true });
    pressed = null;
  }
});

// The newest question stays at the top of the chat while its answer is written below it, until the reader scrolls.
// Gradio may draw the chat after this panel, so both are looked for anew each time.
let asked = 0;
let pinned = false;
['wheel', 'touchmove', 'pointerdown', 'keydown'].forEach((name) => {
  document.addEventListener(name, () => { pinned = false; }, { passive: true });
});
new MutationObserver(() => {
  const log = document.querySelector('#khabar-chat [role="log"]');
  if (!log) return;
  // Gradio labels a message with its HTML source, which a screen reader would read out in place of the message.
  log.querySelectorAll('[data-testid="bot"][aria-label], [data-testid="user"][aria-label]').forEach((message) => {
    message.removeAttribute('aria-label');
  });
  const rows = log.querySelectorAll('.user-row');
  if (rows.length > asked) pinned = true;
  asked = rows.length;
  if (pinned && asked) {
    log.scrollTop += rows[asked - 1].getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true });
