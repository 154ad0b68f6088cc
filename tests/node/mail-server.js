// A real SMTP server (npm smtp-server) that behaves as it is told. Prints one line of JSON when it listens, one per mail that it
// has taken, and reads one line of JSON per order: {"mode": "rcpt-450", "times": 2} misbehaves so many times, then is good
// again. Options on the command line: tls (STARTTLS with the certificate of MAIL_CERT and MAIL_KEY), implicit (TLS from the first byte
// with it), auth, auth-login (AUTH LOGIN only), no-utf8, port=N.
'use strict';
const fs = require('fs');
const readline = require('readline');
const { SMTPServer } = require('smtp-server');

const options = process.argv.slice(2);
let mode = '';
let times = 0;
let connections = 0;

// True once per misbehaviour that is still to come.
const now = (wanted) => {
  if (mode !== wanted || times === 0) return false;
  times--;
  return true;
};

const refusal = (stage) => {
  const [at, code] = mode.split('-');
  if (at !== stage || !/^[45]\d\d$/.test(code) || !now(mode)) return null;
  const error = new Error(`${code[0]}.7.1 told to refuse`);
  error.responseCode = Number(code);
  return error;
};

const encrypts = options.includes('tls') || options.includes('implicit');
const server = new SMTPServer({
  name: 'mail.test',
  banner: 'at your service',
  secure: options.includes('implicit'),
  authOptional: true,
  authMethods: options.includes('auth-login') ? ['LOGIN'] : ['PLAIN', 'LOGIN'],
  disabledCommands: [...(options.includes('tls') ? [] : ['STARTTLS']), ...(options.some((one) => one.startsWith('auth')) ? [] : ['AUTH'])],
  ...(encrypts ? { key: fs.readFileSync(process.env.MAIL_KEY), cert: fs.readFileSync(process.env.MAIL_CERT) } : {}),
  hideSMTPUTF8: options.includes('no-utf8'),
  hide8BITMIME: options.includes('no-utf8'),
  disableReverseLookup: true,
  logger: false,
  closeTimeout: 100,
  onAuth(auth, session, callback) {
    callback(auth.password === 'right' ? null : new Error('wrong'), { user: auth.username });
  },
  onConnect(session, callback) {
    connections++;
    const connection = find(session);
    if (now('drop-connect')) return connection.socket.destroy();
    if (now('banner-silent')) return;
    if (now('banner-slow')) return setTimeout(callback, 300);
    if (mode === 'split') splitWrites(connection);
    callback(refusal('banner'));
  },
  onMailFrom(address, session, callback) {
    if (now('drop-mail')) return find(session).socket.destroy();
    if (now('silent-mail')) return;
    if (now('garbled-mail')) return find(session).socket.write('what?\r\n');
    callback(refusal('mail'));
  },
  onRcptTo(address, session, callback) {
    if (now('drop-rcpt')) return find(session).socket.destroy();
    if (now('silent-rcpt')) return;
    callback(refusal('rcpt'));
  },
  onData(stream, session, callback) {
    if (now('drop-data')) {
      find(session).socket.destroy();
      return;
    }
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const error = refusal('end');
      if (error) return callback(error);
      print({ mail: Buffer.concat(chunks).toString('base64'), from: session.envelope.mailFrom.address, to: session.envelope.rcptTo[0].address, user: session.user || null, secure: session.secure });
      if (now('drop-end')) return find(session).socket.destroy();
      if (now('silent-end')) return;
      callback(null, '2.0.0 taken');
    });
  },
});
server.on('error', () => {});

// The library's connection behind a session: a hook gets the session only, and dropping the line needs the socket.
const find = (session) => {
  for (const connection of server.connections) if (connection.session.id === session.id) return { socket: connection._socket };
  return { socket: { destroy() {}, write() {} } };
};

// Every reply reaches the client byte by byte.
const splitWrites = ({ socket }) => {
  const write = socket.write.bind(socket);
  let last = Promise.resolve();
  socket.setNoDelay(true);
  socket.write = (data, ...rest) => {
    const callback = rest.find((one) => typeof one === 'function');
    for (const byte of Buffer.from(data)) last = last.then(() => new Promise((done) => { write(Buffer.from([byte])); setImmediate(done); }));
    last = last.then(() => callback && callback());
    return true;
  };
};

const print = (line) => process.stdout.write(JSON.stringify(line) + '\n');

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  ({ mode, times } = JSON.parse(line));
  print({ told: mode, connections });
}).on('close', () => process.exit(0));

const port = Number((options.find((one) => one.startsWith('port=')) || 'port=0').slice(5));
server.listen(port, '127.0.0.1', () => print({ port: server.server.address().port }));
