#!/usr/bin/env node
// Verifies a receipt of the ledger offline, as docs/ledger-format.md describes it. Needs node 18 or later and nothing else.
//
//   node verify.mjs RECEIPT POLICY [DOCUMENT...]      prints one line: code and place; exits as the table of codes says
//   node verify.mjs --list FILE POLICY                one line for each receipt named in FILE, "CODE PATH"; exits 0
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { argv, exit, stdout } from 'node:process';

const exits = {
  OK: 0, E_FORMAT: 10, E_POLICY: 11, E_SIG: 12, E_QUORUM: 13, E_PATH: 14, E_ENTRY: 15, E_DISCLOSURE: 16, E_DOC: 17, E_TST: 18,
  E_UNCHECKED: 19,
};

class Refusal extends Error {
  constructor(code, place) {
    super(place);
    this.code = code;
  }
}

const refuse = (code, place) => {
  throw new Refusal(code, place);
};

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

// One spelling for each value -----------------------------------------------------------------------------------------

function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : null;
}

function base64url(text) {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

function utf8(bytes) {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}

const maxNumber = (1n << 63n) - 1n;
const decimal = (text) => (/^(0|[1-9][0-9]{0,18})$/.test(text) && BigInt(text) <= maxNumber ? BigInt(text) : null);

const isName = (text) => text.length > 0 && !/[\x00-\x20+\x7f]/.test(text);

// The canonical form of JSON: undefined for anything else. Objects become maps, so that no name is special. ---------------

function canonical(bytes) {
  const text = utf8(bytes);
  if (text === null) {
    return undefined;
  }

  let at = 0;
  const take = (word) => (text.startsWith(word, at) ? ((at += word.length), true) : false);
  const bad = () => {
    throw new SyntaxError('not canonical');
  };

  const string = () => {
    if (!take('"')) bad();
    let value = '';
    for (;;) {
      const c = text[at++];
      if (c === undefined || c < ' ') bad();
      if (c === '"') return value;
      if (c !== '\\') {
        value += c;
        continue;
      }

      const short = { '"': '"', '\\': '\\', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[text[at]];
      if (short !== undefined) {
        value += short;
        at++;
        continue;
      }

      const match = /^u00(0[0-7be-f]|1[0-9a-f])/.exec(text.slice(at, at + 5)) ?? bad();
      value += String.fromCharCode(parseInt(match[1], 16));
      at += 5;
    }
  };

  const number = () => {
    const match = /^(0|-?[1-9][0-9]{0,15})/.exec(text.slice(at, at + 18)) ?? bad();
    at += match[0].length;
    return Math.abs(Number(match[0])) < 2 ** 53 ? Number(match[0]) : bad();
  };

  const list = (open, close, depth, item) => {
    if (depth > 4) bad();
    take(open);
    if (take(close)) return;
    do item();
    while (take(','));
    if (!take(close)) bad();
  };

  const value = (depth) => {
    if (text[at] === '{') {
      const members = new Map();
      let last = null;
      list('{', '}', depth + 1, () => {
        const name = string();
        if (!/^[\x20-\x7e]*$/.test(name) || /["\\]/.test(name) || (last !== null && name <= last) || !take(':')) bad();
        members.set((last = name), value(depth + 1));
      });
      return members;
    }

    if (text[at] === '[') {
      const items = [];
      list('[', ']', depth + 1, () => items.push(value(depth + 1)));
      return items;
    }

    if (text[at] === '"') return string();
    if (take('true')) return true;
    if (take('false')) return false;
    return number();
  };

  try {
    const result = value(0);
    return at === text.length ? result : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isString = (value) => typeof value === 'string';
const isStrings = (value) => Array.isArray(value) && value.every(isString);

// Keys ----------------------------------------------------------------------------------------------------------------

const spkiStart = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const ed25519Start = Buffer.from('302a300506032b6570032100', 'hex');

function parseKey(text) {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  const [name, id, bytes] = [text.slice(0, first), text.slice(first + 1, second), base64(text.slice(second + 1))];
  if (first < 0 || second < 0 || !isName(name) || bytes === null || bytes.length < 2) {
    return null;
  }

  const [type, key] = [bytes[0], bytes.subarray(1)];
  const known =
    type === 2 ? key.length === 91 && key.subarray(0, spkiStart.length).equals(spkiStart) : type === 4 && key.length === 32;
  if (!known) {
    return null;
  }

  const hash = type === 2 ? sha256(key) : sha256(name, '\n', bytes);
  try {
    const der = type === 2 ? key : Buffer.concat([ed25519Start, key]);
    return hash.subarray(0, 4).toString('hex') === id
      ? { name, id, type, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) }
      : null;
  } catch {
    return null;
  }
}

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** The 64 bytes of a signature in strict DER, or null. */
function ecdsaNumbers(der) {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) {
    return null;
  }

  const numbers = [];
  let at = 2;
  for (let i = 0; i < 2; i++) {
    const length = der[at + 1];
    const bytes = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 2 || !(length >= 1 && length <= 33) || bytes.length !== length || bytes[0] >= 0x80) return null;
    if (bytes[0] === 0 && length > 1 && bytes[1] < 0x80) return null;
    const number = BigInt('0x' + bytes.toString('hex'));
    if (number < 1n || number >= order) return null;
    numbers.push(number.toString(16).padStart(64, '0'));
    at += 2 + length;
  }

  return at === der.length ? Buffer.from(numbers.join(''), 'hex') : null;
}

function hasSigned(key, message, signature) {
  const numbers = ecdsaNumbers(signature);
  return numbers !== null && verifySignature('sha256', message, { key: key.key, dsaEncoding: 'ieee-p1363' }, numbers);
}

// The policy ----------------------------------------------------------------------------------------------------------

function parsePolicy(text) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
  const isFree = (name) => name !== 'none' && !policy.witnesses.has(name) && !policy.groups.has(name);
  const kinds = {
    log: (words) => {
      const key = words.length === 2 || words.length === 3 ? parseKey(words[1]) : null;
      return key?.type === 2 && policy.logs.push({ key, max: maxNumber }) > 0;
    },
    valid: (words) => {
      const log = policy.logs.findLast((one) => one.key.name === words[1]);
      const size = words.length === 5 && words[2] === 'sizes' && words[3] === '<=' ? decimal(words[4]) : null;
      if (!log || size === null || log.limited) return false;
      [log.max, log.limited] = [size, true];
      return true;
    },
    witness: (words) => {
      const key = words.length === 3 || words.length === 4 ? parseKey(words[2]) : null;
      return key?.type === 4 && isFree(words[1]) && policy.witnesses.set(words[1], key) !== null;
    },
    group: (words) => {
      const [, name, needed, ...members] = words;
      if (words.length < 4) return false;
      const count = needed === 'all' ? members.length : needed === 'any' ? 1 : Number(decimal(needed) ?? 0n);
      if (!isFree(name) || new Set(members).size !== members.length || members.some(isFree)) return false;
      if (members.includes('none') || count < 1 || count > members.length) return false;
      return policy.groups.set(name, { count, members }) !== null;
    },
    quorum: (words) => {
      if (words.length !== 2 || policy.quorum !== null || (words[1] !== 'none' && isFree(words[1]))) return false;
      policy.quorum = words[1];
      return true;
    },
  };

  for (const line of text.split('\n')) {
    const words = line.split(/[ \t\r]+/).filter((word) => word !== '');
    if (words.length > 0 && !words[0].startsWith('#') && !(Object.hasOwn(kinds, words[0]) && kinds[words[0]](words))) {
      refuse('E_POLICY', `a line of the policy is not understood: ${line}`);
    }
  }

  return policy.logs.length > 0 ? policy : refuse('E_POLICY', 'the policy names no log');
}

function isQuorum(policy, cosigners) {
  const holds = (name) =>
    policy.witnesses.has(name)
      ? cosigners.has(policy.witnesses.get(name))
      : policy.groups.get(name).members.filter(holds).length >= policy.groups.get(name).count;
  return policy.quorum === null || policy.quorum === 'none' || holds(policy.quorum);
}

// The note ------------------------------------------------------------------------------------------------------------

function parseNote(text) {
  const cut = text.indexOf('\n\n');
  if (cut < 0 || !text.endsWith('\n') || /[\x00-\x09\x0b-\x1f\x7f]/.test(text)) {
    return null;
  }

  const signed = text.slice(0, cut + 1);
  const [origin, digits, hash, rest, ...more] = signed.split('\n');
  const [size, root] = [decimal(digits ?? ''), base64(hash ?? '')];
  if (rest !== '' || more.length > 0 || !isName(origin) || size === null || root?.length !== 32) {
    return null;
  }

  const lines = text.slice(cut + 2).split('\n').slice(0, -1);
  const signatures = lines.map((line) => {
    const parts = line.split(' ');
    const bytes = parts.length === 3 ? base64(parts[2]) : null;
    return parts[0] === '\u2014' && bytes !== null && bytes.length > 4 && isName(parts[1])
      ? { name: parts[1], id: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) }
      : null;
  });
  return lines.length >= 1 && lines.length <= 32 && !signatures.includes(null) ? { signed, origin, size, root, signatures } : null;
}

function checkNote(note, policy) {
  const known = policy.logs.filter((log) => log.key.name === note.origin);
  if (known.length === 0) {
    refuse('E_POLICY', `the policy does not know ${note.origin}`);
  }

  const isBy = (key) => (line) => line.name === key.name && line.id === key.id;
  const keys = known.filter((log) => note.size <= log.max).map((log) => log.key);
  let good = 0;
  for (const line of note.signatures) {
    const key = keys.find((one) => isBy(one)(line));
    if (key && !hasSigned(key, Buffer.from(note.signed), line.signature)) refuse('E_SIG', `a signature of ${note.origin} is wrong`);
    good += key ? 1 : 0;
  }

  if (good === 0) {
    refuse('E_SIG', `no key of ${note.origin} has signed`);
  }

  const cosigners = new Set();
  for (const line of note.signatures) {
    for (const key of [...policy.witnesses.values()].filter((one) => isBy(one)(line))) {
      const time = line.signature.length === 72 ? line.signature.readBigUInt64BE(0) : refuse('E_QUORUM', `${key.name}: malformed`);
      const message = Buffer.from(`cosignature/v1\ntime ${time}\n${note.signed}`);
      if (!verifySignature(null, message, key.key, line.signature.subarray(8))) refuse('E_QUORUM', `${key.name}: wrong`);
      cosigners.add(key);
    }
  }

  if (!isQuorum(policy, cosigners)) {
    refuse('E_QUORUM', 'too few witnesses have cosigned');
  }
}

// The tree ------------------------------------------------------------------------------------------------------------

const node = (left, right) => sha256(Buffer.from([1]), left, right);

function isIncluded(index, size, leafHash, path, root) {
  if (index >= size) {
    return false;
  }

  let [fn, sn, hash] = [index, size - 1n, leafHash];
  for (const sibling of path) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      hash = node(sibling, hash);
      while (fn % 2n === 0n && fn > 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      hash = node(hash, sibling);
    }

    [fn, sn] = [fn >> 1n, sn >> 1n];
  }

  return sn === 0n && hash.equals(root);
}

// The receipt -----------------------------------------------------------------------------------------------------------

function parseReceipt(file) {
  const text = file.length <= 65536 ? utf8(file) : null;
  const cut = text?.indexOf('\n\n') ?? -1;
  if (cut < 0) {
    return null;
  }

  const [magic, extra, index, ...path] = text.slice(0, cut).split('\n');
  const hashes = path.map(base64);
  const json = extra?.startsWith('extra ') ? base64(extra.slice(6)) : null;
  const number = index?.startsWith('index ') ? decimal(index.slice(6)) : null;
  const note = parseNote(text.slice(cut + 2));
  if (magic !== 'c2sp.org/tlog-proof@v1' || json === null || number === null || note === null || hashes.length > 63) {
    return null;
  }

  const object = canonical(json);
  if (!hashes.every((hash) => hash?.length === 32) || !(object instanceof Map)) {
    return null;
  }

  const [disclosures, docs, tst] = [object.get('disclosures'), object.get('docs'), object.get('tst')];
  const entry = isString(object.get('entry')) ? base64(object.get('entry')) : null;
  const isDocument = (doc) =>
    doc instanceof Map && doc.size === 2 && isString(doc.get('name')) && isString(doc.get('sha256')) &&
    /^[0-9a-f]{64}$/.test(doc.get('sha256'));
  if (![...object.keys()].every((name) => ['disclosures', 'docs', 'entry', 'tst'].includes(name)) || entry === null) return null;
  if (!isStrings(disclosures) || !Array.isArray(docs) || !docs.every(isDocument)) return null;
  if (object.has('tst') && (!isString(tst) || base64(tst) === null)) return null;
  return { entry, disclosures, docs, tst, index: number, path: hashes, note };
}

function parseEntry(bytes) {
  const entry = bytes.length <= 16384 ? canonical(bytes) : undefined;
  if (!(entry instanceof Map) || entry.get('v') !== 1 || !isString(entry.get('id')) || !isString(entry.get('kind'))) {
    return null;
  }

  const digests = entry.has('_sd') ? entry.get('_sd') : [];
  if (entry.has('_sd')) {
    if (!isStrings(digests) || digests.length === 0 || entry.get('_sd_alg') !== 'sha-256') return null;
    if (digests.some((digest, i) => i > 0 && digest <= digests[i - 1])) return null;
  }

  return { entry, digests };
}

function openDisclosure(text) {
  const bytes = base64url(text);
  const json = bytes === null ? null : utf8(bytes);
  try {
    const value = JSON.parse(json);
    const good = isStrings(value) && value.length === 3 && /^[A-Za-z0-9_-]{22,}$/.test(value[0]);
    return good && !value.some((part) => /\p{Surrogate}/u.test(part))
      ? { name: value[1], value: value[2] }
      : null;
  } catch {
    return null;
  }
}

function checkContent(receipt, documents) {
  const parsed = parseEntry(receipt.entry) ?? refuse('E_ENTRY', `entry ${receipt.index} is not in its canonical form`);
  const { entry, digests } = parsed;
  const opened = new Map();
  const used = new Set();
  for (const text of receipt.disclosures) {
    const digest = sha256(Buffer.from(text, 'latin1')).toString('base64url');
    const field = openDisclosure(text);
    if (!digests.includes(digest) || used.has(digest) || field === null || field.name === '...' || entry.has(field.name) || opened.has(field.name)) {
      refuse('E_DISCLOSURE', `a disclosure does not belong to entry ${receipt.index}`);
    }

    used.add(digest);
    opened.set(field.name, field.value);
  }

  const part = (name, member) => (entry.get(name) instanceof Map ? entry.get(name).get(member) : undefined);
  const recorded = (name) =>
    name === 'agreement' ? part('agr', 'sha256')
      : ['statement', 'button', 'screen'].includes(name) ? part('ui', `${name}_sha256`)
        : opened.get(name);
  for (const doc of receipt.docs) {
    if (recorded(doc.get('name')) !== doc.get('sha256')) refuse('E_DOC', `${doc.get('name')} is not the one of entry ${receipt.index}`);
  }

  for (const document of documents) {
    const hash = sha256(document).toString('hex');
    const length = part('agr', 'len');
    const good = hash === recorded('agreement')
      ? typeof length !== 'number' || length === document.length
      : [recorded('statement'), recorded('button'), recorded('screen'), ...opened.values()].includes(hash);
    if (!good) refuse('E_DOC', `a given document is not one of entry ${receipt.index}`);
  }

  if (receipt.tst !== undefined) {
    refuse('E_TST', 'no time stamp authority is configured');
  }

  return digests.length - used.size;
}

function verify(file, policyText, documents) {
  const receipt = parseReceipt(file) ?? refuse('E_FORMAT', 'the file is not spelled as a receipt is');
  const policy = parsePolicy(policyText);
  const { note } = receipt;
  checkNote(note, policy);
  if (!isIncluded(receipt.index, note.size, sha256(Buffer.from([0]), receipt.entry), receipt.path, note.root)) {
    refuse('E_PATH', `entry ${receipt.index} is not in the tree of size ${note.size}`);
  }

  const withheld = checkContent(receipt, documents);
  return `entry ${receipt.index} of ${note.size} in ${note.origin}` + (withheld ? `; ${withheld} withheld, proof intact` : '');
}

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return refuse('E_UNCHECKED', `${path} cannot be read`);
  }
}

function judge(receipt, policy, documents) {
  try {
    const place = verify(read(receipt), read(policy).toString('utf8'), documents.map(read));
    return { code: 'OK', place };
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, place: error.message };
    throw error;
  }
}

const args = argv.slice(2);
if (args.length === 3 && args[0] === '--list') {
  const paths = read(args[1]).toString('utf8').split('\n').filter((path) => path !== '');
  stdout.write(paths.map((path) => `${judge(path, args[2], []).code} ${path}\n`).join(''));
} else if (args.length >= 2 && !args[0].startsWith('-')) {
  const { code, place } = judge(args[0], args[1], args.slice(2));
  stdout.write(`${code} ${place}\n`);
  exit(exits[code]);
} else {
  stdout.write('usage: node verify.mjs RECEIPT POLICY [DOCUMENT...]\n');
  exit(2);
}
