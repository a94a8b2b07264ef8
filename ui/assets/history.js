// Runs once, with the place as `element` where the server hands over each turn of a conversation. Conversations are
// kept in this browser alone: one entry of its storage for each, as `ui/state/saved_chats.py` describes it.
const PREFIX = 'khabar.chat.';
const CURRENT = 'khabar.current';
const one = (selector) => document.querySelector(selector);

function load(id) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id));
  } catch {
    return null;
  }
}

function all() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  return keys.map((key) => load(key.slice(PREFIX.length))).filter(Boolean).sort((a, b) => b.at - a.at);
}

// Where there is no room left, the oldest conversations make some.
function save(chat) {
  for (;;) {
    try {
      localStorage.setItem(PREFIX + chat.id, JSON.stringify(chat));
      return;
    } catch {
      const oldest = all().filter((other) => other.id !== chat.id).at(-1);
      if (!oldest) return;
      localStorage.removeItem(PREFIX + oldest.id);
    }
  }
}

// A page that a link opened shows what the link leads to; whatever begins here goes on without it.
const LINKED = 'answer';
const linked = () => new URLSearchParams(location.search).has(LINKED);

async function copyLink({ value: id, dataset: { place } }) {
  const link = new URL(location.pathname, location.href);
  link.searchParams.set(LINKED, id);
  const button = one(`.khabar-share[value="${place}"]`);
  if (!button) return;
  if (await window.khabarCopy(link.href, button)) return;
  window.prompt(one('.khabar-header').dataset.link, link.href);
}

watch('value', () => {
  const link = element.querySelector('.khabar-linked');
  if (link) copyLink(link);
  const data = element.querySelector('.khabar-kept');
  if (!data) return;
  if (linked()) window.history.replaceState(null, '', location.pathname + location.hash);
  const { chat: id, order, turn } = JSON.parse(data.value);
  const chat = load(id) ?? { id, title: turn.question.slice(0, 80), turns: [], at: 0 };
  // By their names: this browser need not have all of the turns that the server has.
  const turns = new Map([...chat.turns, turn].map((kept) => [kept.id, kept]));
  chat.turns = order.filter((name) => turns.has(name)).map((name) => turns.get(name));
  chat.at = Date.now();
  save(chat);
  sessionStorage.setItem(CURRENT, id);
});

async function list() {
  const dialog = one('.khabar-history');
  dialog.querySelector('.khabar-chats').innerHTML = await server.list_chats(
    { chats: all(), language: document.documentElement.lang },
  );
}

const presses = {
  'khabar-past': async () => { await list(); one('.khabar-history').showModal(); },
  'khabar-shut': () => { one('.khabar-history').close(); },
  'khabar-new': () => {
    sessionStorage.removeItem(CURRENT);
    if (linked()) location.assign(location.pathname);
  },
  'khabar-share': (button) => { trigger('linking', { place: button.value }); },
  'khabar-take': (button) => {
    one('.khabar-history').close();
    sessionStorage.setItem(CURRENT, button.value);
    if (linked()) location.assign(location.pathname);
    else trigger('restore', { chat: load(button.value) });
    one('.khabar-to[value="chat"]')?.click();
  },
  'khabar-rename': (button) => {
    const chat = load(button.value);
    const title = window.prompt(button.dataset.ask, chat.title)?.trim();
    if (!title) return;
    save({ ...chat, title });
    list();
  },
  'khabar-export': async (button) => {
    const file = await server.export_chat({
      chat: load(button.value), form: button.dataset.form, language: document.documentElement.lang,
    });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([file.text], { type: 'text/plain;charset=utf-8' }));
    link.download = file.name;
    link.click();
    setTimeout(() => { URL.revokeObjectURL(link.href); }, 1000);
  },
  'khabar-forget': (button) => {
    if (!window.confirm(button.dataset.ask)) return;
    localStorage.removeItem(PREFIX + button.value);
    if (sessionStorage.getItem(CURRENT) === button.value) sessionStorage.removeItem(CURRENT);
    list();
  },
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const name = button && Object.keys(presses).find((known) => button.classList.contains(known));
  if (name) presses[name](button);
});

// A question that is being written outlives the page.
const DRAFT = 'khabar.draft';
const box = () => one('#khabar-question textarea');
addEventListener('pagehide', () => { if (box()) sessionStorage.setItem(DRAFT, box().value); });

function rewrite() {
  const draft = sessionStorage.getItem(DRAFT);
  if (!draft || box().value) return;
  box().value = draft;
  box().dispatchEvent(new Event('input', { bubbles: true }));
}

// A page that is opened again shows what it showed. The header says that the server knows the page.
const known = new MutationObserver(() => {
  if (!one('.khabar-header') || !box()) return;
  known.disconnect();
  rewrite();
  const chat = linked() ? null : load(sessionStorage.getItem(CURRENT));
  if (chat) trigger('restore', { chat });
});
known.observe(document.body, { childList: true, subtree: true });

// A server that is restarted has forgotten the page: it is opened anew, and shows what it showed.
let started = null;
async function look() {
  const notice = one('.khabar-offline');
  try {
    const answer = await fetch('gradio_api/app_id', { cache: 'no-store' });
    const { app_id: id } = await answer.json();
    if (started !== null && started !== id) location.reload();
    started = id;
    if (notice) notice.hidden = true;
  } catch {
    if (notice) notice.hidden = false;
  }
}
setInterval(look, 3000);
look();
