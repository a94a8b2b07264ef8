// Runs once, with the place as `element` where the table of many questions comes to be. A file of questions is read
// here and sent along: nothing is uploaded, so that whoever may ask may also give a file.
const one = (selector) => document.querySelector(selector);
const LARGEST = 2 * 1024 * 1024;

function give(file) {
  const reader = new FileReader();
  reader.onload = () => {
    // One that is too large is said to be so by the server, which needs not all of it for that.
    const content = reader.result.slice(reader.result.indexOf(',') + 1);
    trigger('take', { name: file.name, content });
  };
  reader.readAsDataURL(file.slice(0, LARGEST + 16));
}
window.khabarGive = give;

document.addEventListener('change', ({ target }) => {
  if (target.matches?.('.khabar-batch-file') && target.files.length) give(target.files[0]);
});

document.addEventListener('click', ({ target }) => {
  const hand = target.closest('.khabar-batch-hand');
  if (hand) trigger('hand', { form: hand.value });
  if (!target.closest('.khabar-batch-drop')) return;
  trigger('take', { name: '', content: '' });
  const input = one('.khabar-batch-file');
  input.value = '';
  input.focus();
});

// A table that grows is drawn anew: it stays scrolled as it was, and what had the focus has it again.
let across = 0;
let focused = null;
element.addEventListener('scroll', ({ target }) => {
  if (target.matches?.('.khabar-batch-scroll')) across = target.scrollLeft;
}, { capture: true });
element.addEventListener('focusin', ({ target }) => {
  focused = target.value ? `button[value="${target.value}"]` : '.khabar-batch-scroll';
});
element.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget) focused = null; });
let stage = 0;
watch('value', () => {
  const table = element.querySelector('.khabar-batch-scroll');
  // As it begins, and again with the first row, what comes of it is brought into view.
  const now = element.querySelector('progress') ? 1 + Boolean(table) : 0;
  if (now > stage) one('#khabar-batch-out').scrollIntoView({ block: 'start' });
  stage = now;
  if (!table) return;
  table.scrollLeft = across;
  if (focused && document.activeElement === document.body) {
    element.querySelector(focused)?.focus({ preventScroll: true });
  }
});

// A file that the server hands over is saved.
let saved = null;
new MutationObserver(() => {
  const handed = one('#khabar-batch-handed .khabar-handed');
  if (!handed || handed.dataset.time === saved) return;
  saved = handed.dataset.time;
  const bytes = Uint8Array.from(atob(handed.value), (letter) => letter.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = handed.dataset.name;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 1000);
}).observe(document.body, { childList: true, subtree: true });
