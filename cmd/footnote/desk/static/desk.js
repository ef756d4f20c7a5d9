// The desk works without this. With it, forms tell as they are typed what check says, rows
// grow, and the keyboard does everything.
'use strict';
document.documentElement.classList.add('js');

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Live parts: what a form says is sent after a pause, and what comes back is shown. The
// server escapes it.
for (const form of all('form[data-live]')) {
  let timer, flight;
  const into = document.getElementById(form.dataset.into);
  const send = async () => {
    const data = new URLSearchParams(new FormData(form));
    if (form.dataset.with) {
      for (const [k, v] of new FormData(document.getElementById(form.dataset.with))) if (k !== 'q') data.append(k, v);
      data.set('fact', form.dataset.fact);
    }
    flight?.abort();
    flight = new AbortController();
    try {
      const answer = await fetch(form.dataset.live, {method: 'POST', body: data, signal: flight.signal});
      if (answer.ok) into.innerHTML = await answer.text();
      else into.textContent = 'This did not work. Is the desk still running?';
    } catch (e) {
      if (e.name !== 'AbortError') into.textContent = 'The desk does not answer. Is it still running?';
    }
  };
  // What is saved is being learned: look again until it is, or until somebody types.
  const again = async n => {
    if (n && !form.dataset.typed && into.querySelector('[data-words]')) {
      await send();
      setTimeout(again, 3000, n - 1);
    }
  };
  if ('save' in form.dataset) setTimeout(again, 1500, 40);
  form.addEventListener('input', () => { form.dataset.typed = 'yes'; });
  const later = () => { clearTimeout(timer); timer = setTimeout(send, 350); };
  form.addEventListener('input', later);
  if (form.dataset.with) {
    document.getElementById(form.dataset.with).addEventListener('input', () => { if (form.elements.q.value) later(); });
    form.addEventListener('submit', e => { e.preventDefault(); send(); });
  } else if (!('save' in form.dataset)) {
    form.addEventListener('submit', e => { e.preventDefault(); send(); });
  }
}

// What is typed is not lost by leaving the page.
for (const form of all('form[data-save]')) {
  let touched = false;
  form.addEventListener('input', () => { touched = true; });
  form.addEventListener('submit', () => { touched = false; });
  addEventListener('beforeunload', e => { if (touched) e.preventDefault(); });
}

// Rows: when the last of a kind gets a value, another empty one comes after it.
document.addEventListener('input', e => {
  const row = e.target.closest('[data-row]');
  const rows = row?.parentElement;
  if (!row || rows.lastElementChild !== row || !e.target.value) return;
  const next = row.cloneNode(true);
  const name = row.querySelector('[name]').name;
  const step = name.match(/^(?:positions\.\d+\.)?[a-z]+\.(?=\d)/)[0];
  const top = row.matches('[data-rows=positions] > *') ? 'positions.' : step;
  const n = Number(name.slice(top.length).split('.')[0]);
  const rename = s => s.startsWith(top + n + '.') ? top + (n + 1) + s.slice((top + n).length) : s;
  for (const field of all('[name]', next)) {
    field.name = rename(field.name);
    if (field.type === 'checkbox') field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else field.value = '';
  }
  for (const x of all('[id]', next)) x.id = rename(x.id);
  for (const x of all('label[for]', next)) x.htmlFor = rename(x.htmlFor);
  for (const extra of all('[data-row] ~ [data-row]', next)) extra.remove();
  rows.append(next);
});

// The source that is chosen suggests what a place in it looks like.
const hint = select => {
  const place = document.getElementById(select.name.replace(/source$/, 'value'));
  if (place) place.placeholder = select.selectedOptions[0]?.dataset.hint ?? '12–15, or chap. 3';
};
for (const select of all('select[name$=".source"]')) hint(select);
document.addEventListener('input', e => { if (e.target.matches('select[name$=".source"]')) hint(e.target); });

// How much room is left in a text.
const room = area => {
  const left = area.parentElement.querySelector('.left');
  const n = [...area.value.trim()].length, most = Number(area.dataset.most);
  if (left) { left.textContent = n ? `${n} of ${most}` : ''; left.classList.toggle('bad', n > most); }
};
for (const area of all('textarea[data-most]')) { room(area); area.addEventListener('input', () => room(area)); }

for (const b of all('[data-fill]')) b.addEventListener('click', () => {
  const field = document.getElementById(b.dataset.fill);
  field.value = b.dataset.value;
  field.dispatchEvent(new Event('input', {bubbles: true}));
});

// An examination that runs is looked at twice a second.
const exam = document.querySelector('[data-poll]');
if (exam) {
  const look = async () => {
    if (!exam.querySelector('progress')) return;
    const answer = await fetch(exam.dataset.poll).catch(() => null);
    if (answer?.ok) exam.innerHTML = await answer.text();
    setTimeout(look, 500);
  };
  setTimeout(look, 500);
}

// The keyboard.
const help = document.getElementById('help');
document.getElementById('keys')?.addEventListener('click', () => help.showModal());
let went = false, at = -1;
const items = () => all('[data-item]');
const mark = n => {
  const list = items();
  if (!list.length) return;
  at = Math.max(0, Math.min(list.length - 1, n));
  list.forEach((x, i) => x.classList.toggle('current', i === at));
  list[at].scrollIntoView({block: 'nearest'});
};
if (document.querySelector('.groups')) mark(0);
addEventListener('keydown', e => {
  if ((e.ctrlKey || e.metaKey) && e.key === 's') {
    const form = document.querySelector('form[data-save]');
    if (form) { e.preventDefault(); form.requestSubmit(form.querySelector('button.main')); }
    return;
  }
  if (e.key === 'Escape' && e.target.matches('input, textarea, select')) { e.target.blur(); return; }
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches('input, textarea, select') || help.open) return;
  if (went) {
    went = false;
    const link = document.querySelector(`[data-go="${CSS.escape(e.key)}"]`);
    if (link) { e.preventDefault(); link.click(); }
    return;
  }
  const open = () => items()[at]?.querySelector('a')?.click();
  const keys = {
    'g': () => { went = true; setTimeout(() => { went = false; }, 1500); },
    'j': () => mark(at + 1),
    'k': () => mark(at - 1),
    'o': open,
    'Enter': () => e.target.matches('a, button, summary') ? false : open(),
    'n': () => document.querySelector('[data-new]')?.click(),
    'u': () => document.getElementById('undo')?.click(),
    '/': () => (document.querySelector('[data-slash]') ?? document.getElementById('ask'))?.focus(),
    '?': () => help.showModal(),
  };
  const press = items()[at]?.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
  if (press) { e.preventDefault(); press.click(); return; }
  if (keys[e.key] && keys[e.key]() !== false) e.preventDefault();
});
