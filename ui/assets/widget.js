// Two elements for pages of other sites: <khabar-quote share="ID"> shows an answer that was shared, <khabar-ask> asks.
// Whatever a server says is put in as text. Nothing is stored, no cookie is sent, and nothing else is loaded.
(() => {
const base = document.currentScript.src;

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; max-inline-size: 44rem; }
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
* { box-sizing: border-box; }
section {
  --accent: var(--khabar-accent, light-dark(#0f766e, #5eead4));
  --soft: light-dark(#475569, #a8b5c7); --line: light-dark(#cbd5e1, #475569);
  padding: 1rem; border: 1px solid var(--line); border-radius: 0.75rem; line-height: 1.5; text-align: start;
  overflow-wrap: anywhere; color: light-dark(#0f172a, #e2e8f0); background: light-dark(#fff, #0f172a);
}
h2, h3, p, figure { margin: 0.5rem 0 0; font-size: 1em; }
h2, h3, blockquote { margin: 0; }
h2 { margin-block-end: 0.5rem; font-size: 1.1em; }
blockquote { padding-inline-start: 0.75rem; border-inline-start: 3px solid var(--accent); }
figcaption, summary, .soft { color: var(--soft); font-size: 0.9em; }
cite { font-style: normal; }
a { color: var(--accent); }
summary { margin-block-start: 0.5rem; cursor: pointer; }
.short { font-size: 1.2em; font-weight: 700; }
.state { inline-size: fit-content; padding: 0 0.6em; border: 1px solid; border-radius: 1em; font-size: 0.85em; }
.answered { color: var(--accent); }
.perhaps { color: light-dark(#92400e, #fcd34d); }
.not_found { color: var(--soft); }
.error { color: light-dark(#b91c1c, #fca5a5); }
[role="log"] { position: relative; max-block-size: var(--khabar-height, 32rem); overflow: auto; }
article + article { margin-block-start: 1rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin-block-start: 0.75rem; }
label { flex: 1 1 100%; }
textarea, button { padding: 0.5rem; font: inherit; border-radius: 0.5rem; }
textarea {
  flex: 1 1 12rem; min-inline-size: 0; color: inherit;
  background: light-dark(#fff, #1e293b); border: 1px solid light-dark(#64748b, #94a3b8);
}
button {
  min-block-size: 2.75rem; padding-inline: 1.25rem; font-weight: 600;
  color: light-dark(#fff, #042f2e); background: var(--accent); border: 0;
}
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.status:empty { display: none; }
`);

// Strings among the children become text, never markup; links are checked before.
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children.flat().filter((child) => child != null && child !== ''));
  return made;
}
const spoken = (language) => (language && language !== 'und' ? language : null);
const isolated = (text, language) => make('bdi', { lang: spoken(language) }, text);
const filled = (template, parts) => template.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? parts[part] ?? '' : part));
const named = (words, language) => new Intl.DisplayNames(words.language, { type: 'language' }).of(language);
const joined = (parts) => parts.filter(Boolean).flatMap((part, at) => (at ? [' · ', part] : [part]));

const call = (path, options) => (
  fetch(new URL(path, base), { credentials: 'omit', referrerPolicy: 'no-referrer', ...options })
);
const kept = new Map();
function phrases(language) {
  if (!kept.has(language)) {
    const asked = call(`widget/phrases?language=${encodeURIComponent(language)}`);
    kept.set(language, asked.then((response) => response.json()));
    // Somebody who comes later may have more luck.
    kept.get(language).catch(() => kept.delete(language));
  }
  return kept.get(language);
}
const headers = (element, words) => {
  const token = element.getAttribute('token');
  return { 'Accept-Language': words.language, ...(token && { Authorization: `Bearer ${token}` }) };
};
const failed = (problem) => Object.assign(new Error(), { said: problem.detail });

function day(words, written) {
  if (!written) return words.undated;
  const [year, month, date] = written.split('-').map(Number);
  const parts = { day: `${date}`, month: words.months[month - 1], year: `${year}` };
  return make('time', { datetime: written }, filled(date === 1 ? words.date_first : words.date, parts));
}

// Where an article says it: a browser that knows text fragments scrolls to the sentence and marks it.
function sentence(address, quote) {
  let url;
  try { url = new URL(address); } catch { return null; }
  if (!['http:', 'https:'].includes(url.protocol)) return null;
  const said = quote.trim().split(/\s+/);
  const part = (words) => encodeURIComponent(words.join(' ')).replaceAll('-', '%2D');
  const text = said.length > 8 ? `${part(said.slice(0, 4))},${part(said.slice(-4))}` : part(said);
  return `${url.href}${url.hash ? '' : '#'}:~:text=${text}`;
}
const link = (address, ...label) => (
  address && make('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, label)
);

function emphasised({ number, quote, start, end }, shorts) {
  const short = shorts.find((one) => one.number === number && start <= one.start && one.start < one.end && one.end <= end);
  if (!short) return quote;
  // Places are counted in characters, not in UTF-16.
  const letters = [...quote];
  const [from, to] = [short.start - start, short.end - start];
  const cut = (...ends) => letters.slice(...ends).join('');
  return [cut(0, from), make('strong', {}, cut(from, to)), cut(to)];
}

function figure(words, citation, shorts, translations, fallback) {
  const { article, speaker, quote, number } = citation;
  const name = speaker && make('strong', {}, isolated(speaker.name, article.language));
  const role = speaker?.role && isolated(speaker.role, article.language);
  const title = article.title || words.untitled;
  const caption = joined([
    name && make('span', {}, role ? filled(words.named, { name, role }) : name),
    make('cite', {}, isolated(title, article.language)),
    isolated(article.source || words.unknown_source),
    day(words, article.published),
    link(sentence(article.url, quote) || fallback, words.open),
  ]);
  return make('figure', {},
    make('blockquote', { lang: spoken(article.language), dir: 'auto' }, make('q', {}, emphasised(citation, shorts))),
    translations.filter((one) => one.quote === quote).map((one) => make('p', { class: 'soft' },
      make('span', { lang: one.language, dir: 'auto' }, one.text), ' ',
      filled(words.translated, { language: named(words, one.language), model: one.writer }))),
    make('figcaption', {}, `[${number}] `, caption));
}

// The answer's own words line by line, each quote by itself; of an abstention the first line alone.
function body(words, answer, { translations = [], fallback = null } = {}) {
  const cited = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const used = answer.citations.filter((citation) => citation.role === 'used');
  const short = answer.short ? [answer.short, ...answer.others] : [];
  const shorts = [1, short.length].includes(used.length) ? short : [];
  const quoted = (citation) => figure(words, citation, shorts, translations, fallback);
  const [parts, shown] = [[], new Set()];
  let line = [];
  const close = () => {
    if (line.some(({ kind, text }) => kind !== 'text' || /[\p{L}\p{N}]/u.test(text))) {
      parts.push(make('p', { lang: answer.language, dir: 'auto' }, line.map(({ kind, text }) => (
        kind === 'speaker' || kind === 'question' ? make('strong', {}, isolated(text)) : kind === 'name' ? isolated(text) : text))));
    }
    line = [];
  };
  const plain = answer.text.split('\n').flatMap((text) => [{ kind: 'text', text }, { kind: 'break' }]);
  for (const part of answer.segments.length ? answer.segments : plain) {
    if (part.kind === 'break' && answer.abstained) break;
    if (part.kind === 'break') close();
    else if (part.kind === 'quote' && cited.has(part.number)) {
      close();
      shown.add(part.number);
      parts.push(quoted(cited.get(part.number)));
    } else if (part.kind !== 'frame') line.push(part);
  }
  close();
  const rest = answer.citations.filter((citation) => citation.role !== 'used');
  return [
    answer.standalone && make('p', { class: 'soft' }, filled(words.understood, { question: isolated(answer.standalone) })),
    (answer.citations.length || answer.state !== 'answered')
      && make('p', { class: `state ${answer.state}` }, words[answer.state]),
    shorts.length && make('p', { class: 'short' }, joined(shorts.map((one) => (
      isolated(one.text, cited.get(one.number)?.article.language))))),
    ...parts,
    ...used.filter((citation) => !shown.has(citation.number)).map(quoted),
    rest.length && make('details', {},
      make('summary', {}, `${answer.abstained ? words.closest : words.also} (${rest.length})`), rest.map(quoted)),
    ...answer.notes.map((note) => make('p', { class: 'soft', lang: answer.language, dir: 'auto' }, note)),
  ].filter(Boolean);
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let [rest, name] = ['', ''];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('event: ')) name = line.slice(7);
      else if (line.startsWith('data: ')) yield [name, JSON.parse(line.slice(6))];
    }
  }
}

const roots = new WeakMap();
// What the page has inside is shown until there is something to put in its place.
class Embedded extends HTMLElement {
  connectedCallback() {
    if (!roots.has(this)) {
      const root = this.attachShadow({ mode: 'closed' });
      root.adoptedStyleSheets = [sheet];
      root.append(make('slot'));
      roots.set(this, root);
      this.begin();
    }
  }

  async begin() {
    const language = this.closest('[lang]')?.lang ?? '';
    try {
      const words = await phrases(language);
      const section = make('section', { lang: words.language, dir: words.direction, 'aria-label': words.title });
      await this.fill(section, words);
      roots.get(this).replaceChildren(section);
    } catch {
      // Khabar cannot be reached.
    }
  }
}

customElements.define('khabar-quote', class extends Embedded {
  static observedAttributes = ['share'];

  attributeChangedCallback() { if (roots.has(this)) this.begin(); }

  async fill(section, words) {
    const id = this.getAttribute('share') ?? '';
    const said = (text) => section.append(make('p', { class: 'error' }, text));
    if (!/^[0-9a-zA-Z]{1,64}$/.test(id)) return said(words.unknown);
    const response = await call(`api/v1/shared/${id}`, { headers: headers(this, words) });
    const found = await response.json();
    if (!response.ok) return said(found.detail);
    const { question, answer, translations } = found;
    // Another one that came meanwhile has its own turn.
    if (id !== this.getAttribute('share')) throw new Error();
    const whole = new URL(`./?answer=${id}`, base).href;
    section.setAttribute('aria-label', question);
    section.append(
      make('h2', { dir: 'auto', lang: answer.language }, question),
      ...body(words, answer, { translations, fallback: whole }),
      make('p', {}, link(whole, words.whole)),
    );
  }
});

customElements.define('khabar-ask', class extends Embedded {
  async fill(section, words) {
    const turns = [];
    let running = null;
    const log = make('div', { role: 'log', tabindex: 0, 'aria-label': words.title, hidden: '' });
    const status = make('p', { class: 'soft status', role: 'status' });
    const box = make('textarea', { id: 'question', rows: 2, maxlength: 4000, dir: 'auto' });
    const button = make('button', {}, words.ask);
    const form = make('form', {}, make('label', { for: 'question' }, words.question), box, button);

    const ask = async (question) => {
      running?.abort();
      const own = running = new AbortController();
      const draft = make('p', { dir: 'auto', 'aria-hidden': 'true' });
      const turn = make('article', {}, make('h3', { dir: 'auto' }, question), draft);
      const over = (...shown) => { if (running === own) running = null; draft.replaceWith(...shown); };
      log.hidden = false;
      log.append(turn);
      log.scrollTop = turn.offsetTop;
      [box.value, status.textContent, button.textContent] = ['', words.waiting, words.stop];
      // As many as are taken, of up to 1 MiB together.
      const history = turns.slice(-8);
      while (JSON.stringify(history).length > 300_000) history.shift();
      try {
        const response = await call('api/v1/ask', {
          method: 'POST',
          signal: own.signal,
          headers: { ...headers(this, words), 'Content-Type': 'application/json', Accept: 'text/event-stream' },
          body: JSON.stringify({ question, history, interface: words.language }),
        });
        if (!response.ok) throw failed(await response.json());
        let answer = null;
        for await (const [name, data] of events(response.body)) {
          if (name === 'progress') status.textContent = words[data.stage] ?? '';
          else if (name === 'delta') draft.append(data.text);
          else if (name === 'error') throw failed(data);
          else if (name === 'answer') answer = data;
        }
        if (!answer) throw new Error();
        turns.push({ question, answer });
        over(...body(words, answer));
      } catch (error) {
        // What was asked can be asked again.
        box.value ||= question;
        if (!own.signal.aborted) return over(make('p', { class: 'error', role: 'alert' }, error.said ?? words.unreachable));
        over();
        turn.remove();
        log.hidden = !log.childElementCount;
      } finally {
        if (!running) [status.textContent, button.textContent] = ['', words.ask];
        log.scrollTop = turn.offsetTop;
      }
    };
    const stop = () => { running?.abort(); box.focus(); };
    const send = () => { if (box.value.trim()) ask(box.value.trim()); };
    form.addEventListener('submit', (event) => { event.preventDefault(); if (running) stop(); else send(); });
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    section.addEventListener('keydown', (event) => {
      const opened = event.target.closest('details[open]');
      if (event.key !== 'Escape') return;
      if (running) stop();
      else if (opened) { opened.open = false; opened.firstChild.focus(); } else if (event.target !== box) box.focus();
    });
    section.append(make('h2', {}, words.title), log, status, form);
  }
});
})();
