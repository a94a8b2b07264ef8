// Runs once, with the evidence panel as `element`. The page's own buttons live in the header, the chat and the
// panel; pressing one becomes an event of the panel, which the server answers.
const narrow = window.matchMedia('(max-width: 900px)');
const one = (selector) => document.querySelector(selector);
const box = () => one('#khabar-question textarea');
let pressed = null;
let opener = null;

const presses = {
  'khabar-cite': (button) => { pressed = button; trigger('cite', { key: button.value }); },
  'khabar-way': (button) => { pressed = button; trigger('cite', { key: button.value }); },
  'khabar-open': (button) => { pressed = button; trigger('open', { id: button.value }); },
  'khabar-revision': (button) => { pressed = button; trigger('revision', { revision: button.value }); },
  'khabar-pin': (button) => { awaited = () => one(`#khabar-chat .khabar-pinned[value="${button.value}"]`); trigger('pin', { key: button.value }); },
  'khabar-pinned': (button) => { pressed = button; trigger('dossier', { act: 'pinned', key: button.value }); },
  'khabar-pin-selection': pinSelected,
  'khabar-dossiers': (button) => { pressed = button; trigger('dossier', { act: 'list' }); },
  'khabar-dossier': act,
  'khabar-story': (button) => { pressed = button; trigger('story', { id: button.value }); },
  'khabar-batch-quoted': (button) => { pressed = button; trigger('quoted', { key: button.value }); },
  'khabar-standing': openStanding,
  'khabar-stand': stand,
  'khabar-alter': alter,
  'khabar-remove': (button) => { if (window.confirm(button.dataset.ask)) trigger('remove', { id: button.value }); },
  'khabar-feed': (button) => { trigger('feed', { act: button.dataset.act, address: button.value }); },
  'khabar-further': () => { trigger('further', {}); },
  'khabar-judge': (button) => { trigger('judge', { verdict: button.value }); },
  'khabar-translate': (button) => { trigger('translate', { key: button.value }); },
  'khabar-fill': () => { openAdding().then(() => one('#khabar-files button')?.focus()); },
  'khabar-to': (button) => { show(button.value); },
  'khabar-ask': (button) => { ask(button.value); trigger('ask', { question: button.value }); },
  'khabar-edit': (button) => { trigger('edit', { place: button.value }); box()?.focus(); },
  'khabar-again': (button) => { trigger('again', { place: button.value }); },
  'khabar-cancel': () => { trigger('keep', {}); box()?.focus(); },
  'khabar-new': () => { closeDrawer(); show('chat'); trigger('fresh', {}); box()?.focus(); },
  'khabar-chip': (button) => { trigger('unfilter', { filter: button.value }); },
  'khabar-period': (button) => { trigger('period', { days: button.value }); },
  'khabar-copy': (button) => { copy(button.value, button); },
  'khabar-close': () => { closeDrawer(); },
  'khabar-sign-out': signOut,
  'khabar-language': (button) => { trigger('language', { language: button.value }); },
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const name = button && Object.keys(presses).find((known) => button.classList.contains(known));
  if (name) presses[name](button);
  else if (event.target === side() && narrow.matches) closeDrawer();
});

// The chat, many questions and the library take turns in the same place; the address remembers which.
function show(view) {
  document.documentElement.dataset.view = view;
  document.querySelectorAll('.khabar-to').forEach((button) => {
    button.setAttribute('aria-current', button.value === view ? 'page' : 'false');
  });
  const hash = view === 'chat' ? '' : `#${view}`;
  if (location.hash !== hash) history.replaceState(null, '', hash || location.pathname + location.search);
}
const views = ['library', 'batch'];
show(views.find((view) => location.hash === `#${view}`) ?? 'chat');

// The page that is left holds what somebody has asked: the next one begins without it.
async function signOut() {
  const answer = await fetch('logout', { method: 'POST' }).catch(() => null);
  if (!answer?.ok) return window.alert(one('.khabar-header').dataset.unreachable);
  const { address } = await answer.json();
  sessionStorage.clear();
  if (box()) box().value = '';
  location.assign(address);
}

// What screen readers are told of what has happened.
const heard = Object.assign(document.createElement('p'), { className: 'khabar-unseen', role: 'status' });
document.body.append(heard);

// Tells whether it could; the button then says so for a moment.
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Only a page from this machine or over https may use the clipboard directly.
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (!copied) return false;
  }
  flash(button);
  return true;
}
window.khabarCopy = copy;

function flash(button, milliseconds = 1500) {
  button.classList.add('khabar-did');
  heard.textContent = button.querySelector('.khabar-done').textContent;
  setTimeout(() => { button.classList.remove('khabar-did'); heard.textContent = ''; }, milliseconds);
}

// A button below an answer gives way to what it led to, which then has the focus: a dossier, a standing question.
let awaited = null;
function showAwaited() {
  const now = awaited?.();
  if (!now) return;
  awaited = null;
  now.focus({ preventScroll: true });
}

// Gradio's chat lets no data of one's own through: the answers are told apart by their order.
function stand({ value: place }) {
  awaited = () => document.querySelectorAll('#khabar-chat .bot-row')[place]?.querySelector('.khabar-standing');
  trigger('stand', { place });
}

// Standing questions. Who looks at them has heard that something has changed.
function openStanding(button) {
  pressed = button;
  trigger('standing', { id: button.value });
  button.closest('.khabar-notice')?.remove();
}

function alter(button) {
  if (button.dataset.ask && !window.confirm(button.dataset.ask)) return;
  pressed = button;
  const told = [...button.parentElement.querySelectorAll('input')].map(({ name, value }) => [name, value]);
  trigger('alter', { act: button.dataset.act, id: button.value, ...Object.fromEntries(told) });
}

// Dossiers.

// Where the selected words stand in the article, in characters as the server counts them.
function pinSelected(button) {
  const selection = window.getSelection();
  const body = element.querySelector('.khabar-body');
  const range = selection.rangeCount ? selection.getRangeAt(0) : null;
  if (!range || range.collapsed || !body?.contains(range.commonAncestorContainer)) {
    flash(button, 3000);
    return;
  }
  const before = document.createRange();
  before.selectNodeContents(body);
  before.setEnd(range.startContainer, range.startOffset);
  const [start, length] = [before, range].map((part) => [...part.toString()].length);
  pressed = button;
  trigger('pin', {
    article: button.value, revision: button.dataset.revision, start: `${start}`, end: `${start + length}`,
  });
}
// A press must not undo the selection.
document.addEventListener('mousedown', (event) => {
  if (event.target.closest?.('.khabar-pin-selection')) event.preventDefault();
});

// Notes that are being written go along with whatever is pressed: the panel is drawn anew.
function notes() {
  const changed = [...element.querySelectorAll('.khabar-note-field')].filter((field) => field.value !== field.defaultValue);
  return JSON.stringify(Object.fromEntries(changed.map((field) => [field.dataset.pin, field.value])));
}

function act(button) {
  const { act: asked, dossier, pin, ask: question, confirm, text: given } = button.dataset;
  const text = question ? window.prompt(question, given ?? '')?.trim() : '';
  if ((question && !text) || (confirm && !window.confirm(confirm))) return;
  pressed = button;
  trigger('dossier', { act: asked, dossier, pin, text, notes: notes() });
}

document.addEventListener('focusout', ({ target, relatedTarget }) => {
  if (!target.matches?.('.khabar-note-field') || relatedTarget?.closest('.khabar-dossier')) return;
  if (target.value !== target.defaultValue) trigger('note', { dossier: target.dataset.dossier, notes: notes() });
});

// What a press in a dossier leads on to: the same button, another one of the same quote, or the heading.
function next({ dataset: { act: asked, pin } }) {
  const all = [...element.querySelectorAll('.khabar-dossier:enabled')].filter((button) => pin && button.dataset.pin === pin);
  return all.find((button) => button.dataset.act === asked) ?? all[0] ?? element.querySelector('.khabar-heading');
}

// Beside the chat the panel is always in view; on a narrow page it is a drawer over it.
const side = () => one('#khabar-side');

function openDrawer() {
  side().classList.add('khabar-opened');
}

function closeDrawer() {
  if (!side().classList.contains('khabar-opened')) return false;
  side().classList.remove('khabar-opened');
  goBack();
  return true;
}

// From the quote back to its marker in the chat, or to what opened the article.
function goBack() {
  const shown = element.querySelector('.khabar-cite[aria-current]')?.value;
  const markers = [...document.querySelectorAll('#khabar-chat .khabar-cite')];
  const marker = markers.find((button) => button.value === shown && button.checkVisibility());
  const to = marker ?? (opener?.isConnected ? opener : null);
  to?.focus();
  return Boolean(to);
}

// A drawer that was hidden until now takes the focus once it is drawn.
function focus(find, frames = 30) {
  const to = find();
  to?.focus({ preventScroll: true });
  if (frames && document.activeElement !== to) requestAnimationFrame(() => focus(find, frames - 1));
}

watch('value', () => {
  const panel = element.closest('#khabar-evidence');
  const said = element.querySelector('.khabar-said')?.textContent;
  if (said) heard.textContent = said;
  const mark = element.querySelector('#khabar-quote');
  panel.scrollTop = 0;
  if (pressed) {
    if (!panel.contains(pressed) && !side().classList.contains('khabar-opened')) opener = pressed;
    if (narrow.matches) openDrawer();
    // What takes the focus comes when the story has been read.
    if (element.querySelector('.khabar-story-reading')) return;
    const same = pressed.className.includes('khabar-way') && `.${[...pressed.classList].at(-1)}:not(:disabled)`;
    const again = () => same && (element.querySelector(same) ?? element.querySelector('.khabar-way:not(:disabled)'));
    const last = pressed;
    const isDossier = element.querySelector('.khabar-dossiers-shown');
    focus(() => (isDossier && next(last)) || again() || element.querySelector('#khabar-quote')
      || element.querySelector(':is(.khabar-story-shown, .khabar-standing-shown) .khabar-heading')
      || element.querySelector('.khabar-close'));
    if (isDossier) next(last)?.closest('li')?.scrollIntoView({ block: 'nearest' });
    pressed = null;
  }
  if (mark) {
    // The article's head stays in sight where the quote is near it.
    const place = mark.getBoundingClientRect();
    const offset = place.top - panel.getBoundingClientRect().top;
    if (offset + place.height > panel.clientHeight * 0.8) panel.scrollTop = offset - panel.clientHeight / 3;
  }
});

// A name leads to the next place where its bearer is named, without an entry in the browser's history for each.
element.addEventListener('click', (event) => {
  const name = event.target.closest('a.khabar-name');
  if (!name) return;
  event.preventDefault();
  const next = document.getElementById(name.hash.slice(1));
  next?.scrollIntoView({ block: 'center' });
  next?.focus({ preventScroll: true });
});

// A picture of a page that cannot be drawn leaves no hole in the article.
element.addEventListener('error', ({ target }) => {
  const sheet = target.closest('.khabar-sheet');
  if (sheet) sheet.hidden = true;
}, { capture: true });

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || one('dialog[open]')) return;
  if (event.key === 'Escape') {
    const stop = one('#khabar-question .stop-button');
    if (closeDrawer()) return;
    if (side().contains(document.activeElement) && goBack()) return;
    if (stop) stop.click();
    else if (asking.isConnected || one('.khabar-step')) isStopWanted = true;
    else one('.khabar-cancel')?.click();
  } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.target.closest('input, textarea, select, [contenteditable="true"]')) return;
    event.preventDefault();
    closeDrawer();
    const fields = { library: '#khabar-find :is(input, textarea)', batch: '#khabar-batch-lines textarea' };
    one(fields[document.documentElement.dataset.view] ?? '#khabar-question textarea')?.focus();
  }
});

// A question is shown at once, until the chat shows it or the page says that it cannot be asked.
const asking = Object.assign(document.createElement('p'), { className: 'khabar-asking', dir: 'auto', ariaHidden: 'true' });
// Escape may be pressed before there is a button that stops.
let isStopWanted = false;
function ask(question) {
  if (!question || one('#khabar-question .stop-button')) return;
  isStopWanted = false;
  asking.textContent = question;
  one('#khabar-chat')?.append(asking);
}
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target === box()) ask(box().value.trim());
}, { capture: true });
document.addEventListener('click', (event) => {
  if (event.target.closest('#khabar-question .submit-button')) ask(box().value.trim());
}, { capture: true });

// The header says which language the page speaks; everything else is mirrored after it.
function speak() {
  const header = one('.khabar-header');
  const unmarked = header?.querySelector('.khabar-to:not([aria-current])');
  if (unmarked) show(document.documentElement.dataset.view);
  const page = document.documentElement;
  // Gradio names the browser's language by itself at a sign-in, and no direction.
  if (!header || (page.lang === header.lang && page.dir === header.dir)) return;
  page.dir = header.dir;
  page.lang = header.lang;
}

// Gradio draws some buttons with a picture alone.
function name() {
  const words = one('.khabar-header')?.dataset;
  const pictures = { '.submit-button': words?.ask, '.stop-button': words?.stop, 'button.calendar': words?.days };
  Object.entries(pictures).forEach(([selector, label]) => {
    document.querySelectorAll(selector).forEach((button) => {
      if (label && button.getAttribute('aria-label') !== label) button.setAttribute('aria-label', label);
    });
  });
}

// Gradio's own notices speak English; the page says what they say in its language.
const UNREACHABLE = /^\s*Connection (errored out|to the server was lost)/;
function translate() {
  const words = one('.khabar-header')?.dataset;
  if (!words) return;
  document.querySelectorAll('.toast-body.error').forEach((notice) => {
    const title = notice.querySelector('.toast-title');
    if (title?.textContent.trim() === 'Error') title.textContent = words.error;
    notice.querySelectorAll('.toast-text, .toast-message-text').forEach((text) => {
      if (UNREACHABLE.test(text.textContent)) text.textContent = words.unreachable;
    });
  });
}

// What is dropped on the page goes where articles are added: files at once, an address into its field.
const isDropped = (event) => ['Files', 'text/uri-list', 'text/plain'].some((kind) => event.dataTransfer?.types.includes(kind));
const isOwn = (event) => event.target.closest?.('#khabar-files, input, textarea');
['dragover', 'drop'].forEach((name) => {
  document.addEventListener(name, (event) => {
    if (!isDropped(event) || isOwn(event) || (name === 'drop' && !isTaken(event.dataTransfer))) return;
    event.preventDefault();
  });
});

function isTaken(dropped) {
  if (document.documentElement.dataset.view === 'batch' && dropped.files.length) {
    window.khabarGive(dropped.files[0]);
    return true;
  }
  // Whoever may not add anything has nothing to add it with.
  if (!one('#khabar-add')) return false;
  const { files } = dropped;
  if (files.length) {
    openAdding().then(() => {
      const input = one('#khabar-files input[type="file"]');
      input.files = files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    return true;
  }
  const address = (dropped.getData('text/uri-list') || dropped.getData('text/plain')).trim().split(/\s+/)[0];
  if (!/^https?:\/\//i.test(address)) return false;
  openAdding().then(() => unfold('#khabar-address-part', '#khabar-address')).then(() => {
    const input = one('#khabar-address :is(input, textarea)');
    input.value = address;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.focus();
  });
  return true;
}

function openAdding() {
  show('library');
  return unfold('#khabar-add', '#khabar-files');
}

// Gradio draws what is folded away when it is unfolded: waits until it is there.
async function unfold(part, inside) {
  const isShown = () => one(inside)?.checkVisibility();
  if (!isShown()) one(`${part} > button`).click();
  for (let frames = 0; !isShown() && frames < 300; frames += 1) await new Promise(requestAnimationFrame);
}

// The newest question stays at the top of the chat while its answer is written below it, until the reader scrolls.
// Gradio may draw the chat after this panel, so both are looked for anew each time.
let asked = 0;
let pinned = false;
['wheel', 'touchmove', 'pointerdown', 'keydown'].forEach((name) => {
  document.addEventListener(name, () => { pinned = false; }, { passive: true });
});
new MutationObserver((changes) => {
  speak();
  name();
  translate();
  showAwaited();
  const stop = isStopWanted && one('#khabar-question .stop-button');
  if (stop) {
    isStopWanted = false;
    stop.click();
  }
  const log = one('#khabar-chat [role="log"]');
  if (changes.some(({ target }) => log?.contains(target)) || one('.toast-body.error')) asking.remove();
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
