// The acceptance page works without this. It adds three things: what the browser saw goes with the answer as a hint, the
// button needs to be in view when the page is framed, and the shop around the frame is told what happened. It listens to
// no message and keeps nothing.
(() => {
  'use strict';
  const page = document.querySelector('[data-attestation]');
  if (!page) return;
  const framed = window.top !== window;
  const { attestation, state, origin, nonce } = page.dataset;

  const tell = (type, more) => {
    if (framed && origin) window.parent.postMessage({ v: 1, type, attestationId: attestation, nonce: nonce ?? '', ...more }, origin);
  };
  if (framed && origin) {
    new ResizeObserver(() => tell('height', { height: Math.ceil(document.documentElement.getBoundingClientRect().height) })).observe(document.body);
    if (state === 'Pending') tell('shown');
    if (['Accepted', 'AlreadyAccepted', 'Finalised'].includes(state)) tell('accepted');
    if (['Declined', 'AlreadyDeclined'].includes(state)) tell('declined');
  }

  // How much of the text has been on the screen.
  const parts = document.querySelectorAll('.agreement section');
  const seen = new Set();
  const reading = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) seen.add(entry.target);
  }, { threshold: 0.5 });
  parts.forEach((part) => reading.observe(part));

  // Whether the button is in view, and not covered by something, as the browser saw it at the latest.
  const button = document.getElementById('accept');
  const hidden = document.getElementById('hidden');
  let visibility = 'unknown';
  const watch = (seen) => {
    const observer = new IntersectionObserver((entries) => {
      const last = entries[entries.length - 1];
      visibility = last.isIntersecting && last.isVisible !== false ? 'visible' : 'hidden';
      seen(observer);
    }, { threshold: 1, trackVisibility: true, delay: 100 });
    observer.observe(button);
  };
  if (button) watch(() => {});
  const small = () => window.innerWidth < 320 || window.innerHeight < 240;
  if (framed && hidden && small()) hidden.hidden = false;

  for (const form of document.forms) {
    form.addEventListener('submit', (event) => {
      if (framed && hidden && event.submitter === button && (small() || visibility === 'hidden')) {
        event.preventDefault();
        // It may have come into view just now: the next look decides.
        watch((observer) => {
          observer.disconnect();
          if (!small() && visibility === 'visible') {
            form.requestSubmit(button);
          } else {
            hidden.hidden = false;
            hidden.querySelector('a').focus();
          }
        });
        return;
      }
      const hints = form.elements.namedItem('hints');
      const active = event.isTrusted && (navigator.userActivation?.isActive ?? true);
      const share = parts.length ? Math.round((100 * seen.size) / parts.length) : 0;
      if (hints) hints.value = `${window.innerWidth}x${window.innerHeight} ${active ? 1 : 0} ${share} ${visibility}`;
    });
  }
})();
