#!/bin/sh
# Verifies a receipt of the ledger offline, as docs/ledger-format.md describes it. Needs a POSIX shell with its usual tools
# (awk, od, sed, tr) and openssl 1.1.1 or later.
#
#   sh verify.sh RECEIPT POLICY [DOCUMENT...]      prints one line: code and place; exits as the table of codes says
#   sh verify.sh --list FILE POLICY                one line for each receipt named in FILE, "CODE PATH"; exits 0
LC_ALL=C
export LC_ALL

# What every awk program below begins with. Bytes are decimal numbers in an array, strings are passed on in hexadecimal.
lib='
function b64value(c) { return index("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", c) - 1 }
# Decodes text into out[1..n]; answers n, or -1 unless it is the one spelling of its value. url: without padding, - and _.
function b64(text, out, url,   n, i, bits, held, length_, pad, c) {
  if (url) { if (text ~ /[+\/=]/) return -1; gsub(/-/, "+", text); gsub(/_/, "/", text) }
  length_ = length(text)
  if (!url) {
    if (length_ == 0 || length_ % 4) return -1
    pad = text ~ /==$/ ? 2 : text ~ /=$/ ? 1 : 0
    length_ -= pad
  }
  if (length_ % 4 == 1) return -1
  n = bits = held = 0
  for (i = 1; i <= length_; i++) {
    c = b64value(substr(text, i, 1))
    if (c < 0) return -1
    held = held * 64 + c; bits += 6
    if (bits >= 8) { bits -= 8; out[++n] = int(held / 2 ^ bits); held -= out[n] * 2 ^ bits }
  }
  return held == 0 ? n : -1
}
function octal(out, from, to,   i, text) { text = ""; for (i = from; i <= to; i++) text = text sprintf("\\%03o", out[i]); return text }
function hex(out, from, to,   i, text) { text = ""; for (i = from; i <= to; i++) text = text sprintf("%02x", out[i]); return text }
function ishash(text,   out) { return length(text) == 44 && b64(text, out) == 32 }
function number(text) {
  return text ~ /^(0|[1-9][0-9]*)$/ && (length(text) < 19 || (length(text) == 19 && (text "") <= "9223372036854775807"))
}
function isname(text) { return text != "" && text !~ /[ +]/ && text !~ /[\001-\037\177]/ }
# Reads what od -An -v -tu1 prints into b[1..n].
function collect(   i) { for (i = 1; i <= NF; i++) b[++n] = $i + 0 }
function utf8(   i, c, k, low, high) {
  for (i = 1; i <= n; i++) {
    c = b[i]
    if (c < 128) continue
    low = 128; high = 191
    if (c >= 194 && c <= 223) k = 1
    else if (c >= 224 && c <= 239) { k = 2; if (c == 224) low = 160; if (c == 237) high = 159 }
    else if (c >= 240 && c <= 244) { k = 3; if (c == 240) low = 144; if (c == 244) high = 143 }
    else return 0
    for (; k > 0; k--) { i++; if (i > n || b[i] < low || b[i] > high) return 0; low = 128; high = 191 }
  }
  return 1
}
'

# Canonical JSON: type[path] is o, a, s, n or b, value[path] a string in hexadecimal, a number, or how many items; paths join
# names and positions with SUBSEP. json() answers 0 for any other spelling.
json='
function json() { at = 1; return utf8() && any("", 0) && at == n + 1 }
function any(path, depth,   c) {
  c = b[at]
  if (c == 123) return depth < 4 && object(path, depth + 1)
  if (c == 91) return depth < 4 && array(path, depth + 1)
  if (c == 34) { if (!string()) return 0; type[path] = "s"; value[path] = taken; return 1 }
  if (c == 116) { type[path] = "b"; return word("116 114 117 101") }
  if (c == 102) { type[path] = "b"; return word("102 97 108 115 101") }
  type[path] = "n"
  return integer(path)
}
function word(codes,   part, i, k) {
  k = split(codes, part, " ")
  for (i = 1; i <= k; i++) if (b[at++] != part[i]) return 0
  return 1
}
function object(path, depth,   last, name, first) {
  type[path] = "o"; value[path] = 0; at++
  if (b[at] == 125) { at++; return 1 }
  first = 1
  for (;;) {
    if (!string() || !plain(taken)) return 0
    name = taken
    if (!first && (name "") <= (last "")) return 0
    if (b[at++] != 58 || !any(path SUBSEP name, depth)) return 0
    last = name; first = 0; value[path]++; names[path SUBSEP name] = 1
    if (b[at] != 44) break
    at++
  }
  return b[at++] == 125
}
# The bytes of a name are compared by their hexadecimal, which has the same order.
function plain(text,   i, c) {
  for (i = 1; i < length(text); i += 2) {
    c = substr(text, i, 2)
    if (c < "20" || c > "7e" || c == "22" || c == "5c") return 0
  }
  return 1
}
function array(path, depth,   k) {
  type[path] = "a"; k = 0; at++
  if (b[at] == 93) { at++; value[path] = 0; return 1 }
  for (;;) {
    if (!any(path SUBSEP (k++), depth)) return 0
    if (b[at] != 44) break
    at++
  }
  value[path] = k
  return b[at++] == 93
}
function hexdigit(c) { return c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : -1 }
function string(   c, text, code) {
  if (b[at++] != 34) return 0
  text = ""
  for (;;) {
    if (at > n) return 0
    c = b[at++]
    if (c == 34) { taken = text; return 1 }
    if (c < 32) return 0
    if (c != 92) { text = text sprintf("%02x", c); continue }
    c = b[at++]
    if (c == 34 || c == 92) text = text sprintf("%02x", c)
    else if (c == 98) text = text "08"
    else if (c == 102) text = text "0c"
    else if (c == 110) text = text "0a"
    else if (c == 114) text = text "0d"
    else if (c == 116) text = text "09"
    else if (c == 117) {
      if (b[at] != 48 || b[at + 1] != 48 || (b[at + 2] != 48 && b[at + 2] != 49) || hexdigit(b[at + 3]) < 0) return 0
      code = (b[at + 2] - 48) * 16 + hexdigit(b[at + 3])
      if (code == 8 || code == 9 || code == 10 || code == 12 || code == 13) return 0
      text = text sprintf("%02x", code); at += 4
    }
    else return 0
  }
}
function integer(path,   text, digits) {
  text = ""
  if (b[at] == 45) { text = "-"; at++ }
  digits = ""
  while (b[at] >= 48 && b[at] <= 57 && at <= n) digits = digits (b[at++] - 48)
  value[path] = text digits
  return digits != "" && length(digits) <= 16 && (digits !~ /^0/ || digits == "0") && !(text == "-" && digits == "0") &&
    (length(digits) < 16 || (digits "") < "9007199254740992")
}
function key(text,   i, k, out) {
  out = ""
  for (i = 1; i <= length(text); i++) out = out sprintf("%02x", index(ascii, substr(text, i, 1)) + 31)
  return out
}
BEGIN { for (k = 32; k < 127; k++) ascii = ascii sprintf("%c", k) }
'

t=$(mktemp -d) || exit 19
trap 'rm -rf "$t"' EXIT
trap 'exit 19' INT TERM

bytes() { od -An -v -tu1 "$1"; }
sha256() { openssl dgst -sha256 -binary "$@"; }
hexof() { od -An -v -tx1 "$1" | tr -d ' \n'; }

# The policy is read once: $t/keys has a line "log ID MAX PEM NAME" or "witness ID ALIAS PEM NAME" for each key, $t/rules the
# groups and the quorum.
read_policy() {
  : > "$t/keys"
  : > "$t/rules"
  tr '\r' ' ' < "$1" > "$t/policy" || return 1
  awk "$lib"'
    function free(name) { return name != "none" && !(name in known) }
    function bad() { failed = 1; exit 1 }
    function keyof(text, type,   first, second, out, count) {
      first = index(text, "+")
      second = first ? index(substr(text, first + 1), "+") : 0
      if (!second) bad()
      kname = substr(text, 1, first - 1); kid = substr(text, first + 1, second - 1); kbytes = substr(text, first + second + 1)
      count = b64(kbytes, out)
      if (!isname(kname) || kid !~ /^[0-9a-f][0-9a-f]*$/ || length(kid) != 8 || count < 2 || out[1] != type) bad()
      if (count != (type == 2 ? 92 : 33)) bad()
    }
    { gsub(/\t/, " ") }
    NF == 0 || $1 ~ /^#/ { next }
    $1 == "log" && (NF == 2 || NF == 3) { keyof($2, 2); logs++; lid[logs] = kid; lmax[logs] = "9223372036854775807"; lname[logs] = kname; lbytes[logs] = kbytes; next }
    $1 == "valid" && NF == 5 && $3 == "sizes" && $4 == "<=" && number($5) {
      for (i = logs; i > 0 && lname[i] != $2; i--);
      if (i < 1 || (i in limited)) bad()
      lmax[i] = $5; limited[i] = 1; next
    }
    $1 == "witness" && (NF == 3 || NF == 4) { keyof($3, 4); if (!free($2)) bad(); known[$2] = 1; print "witness", kid, $2, kbytes, kname; next }
    $1 == "group" && NF > 3 {
      count = $3 == "all" ? NF - 3 : $3 == "any" ? 1 : number($3) ? $3 + 0 : 0
      if (!free($2) || count < 1 || count > NF - 3) bad()
      split("", seen)
      for (i = 4; i <= NF; i++) { if (($i in seen) || free($i) || $i == "none") bad(); seen[$i] = 1 }
      known[$2] = 1; line = "group " $2 " " count
      for (i = 4; i <= NF; i++) line = line " " $i
      print line; next
    }
    $1 == "quorum" && NF == 2 { if (quorum || ($2 != "none" && free($2))) bad(); quorum = 1; print; next }
    { bad() }
    END {
      if (failed || !logs) exit 1
      for (i = 1; i <= logs; i++) print "log", lid[i], lmax[i], lbytes[i], lname[i]
    }' "$t/policy" > "$t/policy.lines" || return 1
  grep -e '^group ' -e '^quorum ' "$t/policy.lines" > "$t/rules"
  number=0
  while read -r kind id what base64 name; do
    case $kind in log | witness) ;; *) continue ;; esac
    number=$((number + 1))
    printf '%s' "$base64" | openssl base64 -d -A > "$t/key.$number" || return 1
    tail -c +2 "$t/key.$number" > "$t/key.der"
    if [ "$kind" = log ]; then
      case $(hexof "$t/key.der") in 3059301306072a8648ce3d020106082a8648ce3d03010703420004*) ;; *) return 1 ;; esac
      sha256 < "$t/key.der" > "$t/key.hash"
    else
      { printf '%s\n' "$name"; cat "$t/key.$number"; } | sha256 > "$t/key.hash"
      { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cat "$t/key.der"; } > "$t/key.spki"
      mv "$t/key.spki" "$t/key.der"
    fi
    case $(hexof "$t/key.hash") in "$id"*) ;; *) return 1 ;; esac
    openssl pkey -pubin -inform DER -in "$t/key.der" -out "$t/key.$number.pem" 2> /dev/null || return 1
    printf '%s %s %s %s %s\n' "$kind" "$id" "$what" "$t/key.$number.pem" "$name" >> "$t/keys"
  done < "$t/policy.lines"
}

answer() { code=$1 place=$2; }

# Step 1: the lines of the file. Leaves index, size, origin, path (octal), signed, signatures and the parts of extra behind.
read_receipt() {
  [ "$(wc -c < "$1")" -le 65536 ] || return 1
  tr -d '\000-\011\013-\037\177' < "$1" | cmp -s - "$1" || return 1
  bytes "$1" | awk "$lib"'{ collect() } END { exit !(n > 0 && b[n] == 10 && utf8()) }' || return 1
  awk -v t="$t" "$lib"'
    function bad() { failed = 1; exit 1 }
    BEGIN { dash = sprintf("%c%c%c", 226, 128, 148); part = 1 }
    NR == 1 { if ($0 != "c2sp.org/tlog-proof@v1") bad(); next }
    NR == 2 { if (substr($0, 1, 6) != "extra " || b64(substr($0, 7), out) < 1) bad(); print substr($0, 7) > (t "/extra.b64"); next }
    NR == 3 { if (substr($0, 1, 6) != "index " || !number(substr($0, 7))) bad(); print substr($0, 7) > (t "/index"); next }
    part == 1 && $0 == "" { part = 2; next }
    part == 1 { if (!ishash($0) || ++hashes > 63) bad(); b64($0, out); print octal(out, 1, 32) > (t "/path"); next }
    part == 2 {
      line++
      if (line == 1) { if (!isname($0)) bad(); print > (t "/origin"); print > (t "/signed") }
      else if (line == 2) { if (!number($0)) bad(); print > (t "/size"); print > (t "/signed") }
      else if (line == 3) { if (!ishash($0)) bad(); print > (t "/signed"); b64($0, out); printf "%s", hex(out, 1, 32) > (t "/root") }
      else { if ($0 != "") bad(); part = 3 }
      next
    }
    {
      k = split($0, word, / /)
      if (k != 3 || word[1] != dash || !isname(word[2]) || (size = b64(word[3], out)) < 5 || ++lines > 32) bad()
      print hex(out, 1, 4), octal(out, 5, size), size - 4, word[2] > (t "/signatures")
    }
    END { if (failed || part != 3 || lines < 1) exit 1 }' "$1" || return 1
  openssl base64 -d -A < "$t/extra.b64" > "$t/extra" || return 1
  bytes "$t/extra" | awk -v t="$t" "$lib$json"'
    function bad() { exit 1 }
    function text(hexes,   i, out) {
      out = ""
      for (i = 1; i < length(hexes); i += 2) {
        if (substr(hexes, i, 2) < "20" || substr(hexes, i, 2) > "7e") return "?"
        out = out substr(ascii, (index("0123456789abcdef", substr(hexes, i, 1)) - 1) * 16 + index("0123456789abcdef", substr(hexes, i + 1, 1)) - 32, 1)
      }
      return out
    }
    { collect() }
    END {
      if (!json() || type[""] != "o") bad()
      d = SUBSEP key("disclosures"); o = SUBSEP key("docs"); e = SUBSEP key("entry"); s = SUBSEP key("tst")
      if (value[""] != 3 + (s in type) || type[d] != "a" || type[o] != "a" || type[e] != "s") bad()
      for (i = 0; i < value[d]; i++) { if (type[d SUBSEP i] != "s") bad(); print text(value[d SUBSEP i]) > (t "/disclosures") }
      for (i = 0; i < value[o]; i++) {
        p = o SUBSEP i
        if (type[p] != "o" || value[p] != 2 || type[p SUBSEP key("name")] != "s" || type[p SUBSEP key("sha256")] != "s") bad()
        hash = text(value[p SUBSEP key("sha256")])
        if (length(hash) != 64 || hash ~ /[^0-9a-f]/) bad()
        print hash, value[p SUBSEP key("name")] > (t "/docs")
      }
      if (b64(text(value[e]), out) < 1) bad()
      print text(value[e]) > (t "/entry.b64")
      if (s in type) { if (type[s] != "s" || b64(text(value[s]), out) < 1) bad(); print 1 > (t "/tst") }
    }' || return 1
  openssl base64 -d -A < "$t/entry.b64" > "$t/entry"
}

# Step 3: strict DER first, as not every library is.
has_signed() {
  printf "$2" > "$t/signature"
  bytes "$t/signature" | awk "$lib"'
    function take(   k, text) {
      k = b[at + 1]
      if (b[at] != 2 || k < 1 || k > 33 || at + 1 + k > n || b[at + 2] >= 128 || (b[at + 2] == 0 && k > 1 && b[at + 3] < 128)) return 0
      text = hex(b, at + 2, at + 1 + k); at += 2 + k
      sub(/^0+/, "", text)
      while (length(text) < 64) text = "0" text
      return length(text) == 64 && text !~ /^0+$/ && (text "") < "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
    }
    { collect() }
    END { at = 3; exit !(n >= 8 && n <= 72 && b[1] == 48 && b[2] == n - 2 && take() && take() && at == n + 1) }' &&
    openssl dgst -sha256 -verify "$1" -signature "$t/signature" "$t/signed" > /dev/null 2>&1
}

has_witnessed() {
  [ "$3" -eq 72 ] || return 1
  printf "$2" > "$t/cosignature"
  tail -c 64 "$t/cosignature" > "$t/signature"
  time=$(head -c 8 "$t/cosignature" | od -An -v -tu1 | awk '{
    k = 1; d[1] = 0
    for (i = 1; i <= 8; i++) {
      carry = $i
      for (j = 1; j <= k; j++) { x = d[j] * 256 + carry; d[j] = x % 10; carry = int(x / 10) }
      while (carry > 0) { d[++k] = carry % 10; carry = int(carry / 10) }
    }
    for (j = k; j > 0; j--) printf "%d", d[j] }')
  { printf 'cosignature/v1\ntime %s\n' "$time"; cat "$t/signed"; } > "$t/message"
  openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$t/message" -sigfile "$t/signature" > /dev/null 2>&1
}

check_note() {
  origin=$(cat "$t/origin") size=$(cat "$t/size") known='' good='' cosigners=' ' failed=''
  while read -r kind id what pem name; do
    if [ "$kind" = log ] && [ "$name" = "$origin" ]; then known=1; fi
  done < "$t/keys"
  [ -n "$known" ] || { answer E_POLICY "the policy does not know $origin"; return; }
  while read -r line_id signature length line_name; do
    while read -r kind id what pem name; do
      if [ "$kind" = log ] && [ "$name" = "$origin" ] && [ "$id $name" = "$line_id $line_name" ] && [ "$size" -le "$what" ]; then
        if has_signed "$pem" "$signature"; then good=1; else failed=E_SIG; fi
        break
      fi
    done < "$t/keys"
  done < "$t/signatures"
  if [ -n "$failed" ] || [ -z "$good" ]; then answer E_SIG "the signatures of $origin"; return; fi
  while read -r line_id signature length line_name; do
    while read -r kind id what pem name; do
      if [ "$kind" = witness ] && [ "$id $name" = "$line_id $line_name" ]; then
        if has_witnessed "$pem" "$signature" "$length"; then cosigners="$cosigners$what "; else failed=E_QUORUM; fi
      fi
    done < "$t/keys"
  done < "$t/signatures"
  awk -v cosigners="$cosigners" '
    function holds(name,   i, part, k, count) {
      if (!(name in needed)) return index(cosigners, " " name " ") > 0
      k = split(members[name], part, " "); count = 0
      for (i = 1; i <= k; i++) count += holds(part[i])
      return count >= needed[name]
    }
    $1 == "group" { needed[$2] = $3; members[$2] = ""; for (i = 4; i <= NF; i++) members[$2] = members[$2] " " $i }
    $1 == "quorum" && $2 != "none" { quorum = $2; asked = 1 }
    END { exit asked && !holds(quorum) }' "$t/rules" || failed=E_QUORUM
  [ -z "$failed" ] || answer E_QUORUM "the cosignatures"
}

# Step 5. The shell computes with 64 bits, which hold every index and size.
is_included() {
  index=$(cat "$t/index")
  [ "$index" -lt "$size" ] || return 1
  { printf '\000'; cat "$t/entry"; } | sha256 > "$t/hash"
  fn=$index sn=$((size - 1))
  while read -r sibling; do
    [ "$sn" -ne 0 ] || return 1
    if [ $((fn % 2)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      { printf "\\001$sibling"; cat "$t/hash"; } | sha256 > "$t/next"
      while [ $((fn % 2)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
    else
      { printf '\001'; cat "$t/hash"; printf "$sibling"; } | sha256 > "$t/next"
    fi
    mv "$t/next" "$t/hash"
    fn=$((fn / 2)) sn=$((sn / 2))
  done < "$t/path"
  [ "$sn" -eq 0 ] && [ "$(hexof "$t/hash")" = "$(cat "$t/root")" ]
}

# Step 6. Leaves the digests, the names of members, and the hashes that the entry holds behind.
read_entry() {
  [ "$(wc -c < "$t/entry")" -le 16384 ] || return 1
  bytes "$t/entry" | awk -v t="$t" "$lib$json"'
    function member(name) { return SUBSEP key(name) }
    function hash(name, path) { if (type[path] == "s") print value[path], name > (t "/recorded") }
    { collect() }
    END {
      if (!json() || type[""] != "o" || type[member("v")] != "n" || value[member("v")] != "1") exit 1
      if (type[member("id")] != "s" || type[member("kind")] != "s") exit 1
      s = member("_sd")
      if (s in type) {
        if (type[s] != "a" || value[s] == 0 || type[member("_sd_alg")] != "s" || value[member("_sd_alg")] != key("sha-256")) exit 1
        for (i = 0; i < value[s]; i++) {
          if (type[s SUBSEP i] != "s" || (i > 0 && (value[s SUBSEP i] "") <= (value[s SUBSEP (i - 1)] ""))) exit 1
          print value[s SUBSEP i] > (t "/digests")
        }
      }
      for (path in names) { k = split(path, part, SUBSEP); if (k == 2) print part[2] > (t "/members") }
      hash("agreement", member("agr") member("sha256"))
      hash("statement", member("ui") member("statement_sha256"))
      hash("button", member("ui") member("button_sha256"))
      hash("screen", member("ui") member("screen_sha256"))
      if (type[member("agr") member("len")] == "n") print value[member("agr") member("len")] > (t "/length")
    }'
}

# Step 7. A disclosure is any JSON of three strings: white space and every escape that stands for a whole character are allowed.
check_disclosures() {
  : > "$t/opened"
  while IFS= read -r text; do
    digest=$(printf '%s' "$text" | sha256 | openssl base64 -A | tr '+/' '-_' | tr -d '=' | od -An -v -tx1 | tr -d ' \n')
    grep -q -x "$digest" "$t/digests" || return 1
    printf '%s\n' "$text" | awk "$lib"'{ k = b64($0, out, 1); if (k < 1) exit 1; printf "%s", octal(out, 1, k) }' > "$t/octal" || return 1
    printf "$(cat "$t/octal")" > "$t/json"
    bytes "$t/json" | awk -v digest="$digest" "$lib"'
      function blank() { while (at <= n && (b[at] == 32 || b[at] == 9 || b[at] == 10 || b[at] == 13)) at++ }
      function digit(c) { return c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : c >= 65 && c <= 70 ? c - 55 : -1 }
      function unit(   i, x) { x = 0; for (i = 0; i < 4; i++) { if (at > n || digit(b[at]) < 0) return -1; x = x * 16 + digit(b[at++]) } return x }
      function put(x) {
        if (x < 128) return sprintf("%02x", x)
        if (x < 2048) return sprintf("%02x%02x", 192 + int(x / 64), 128 + x % 64)
        if (x < 65536) return sprintf("%02x%02x%02x", 224 + int(x / 4096), 128 + int(x / 64) % 64, 128 + x % 64)
        return sprintf("%02x%02x%02x%02x", 240 + int(x / 262144), 128 + int(x / 4096) % 64, 128 + int(x / 64) % 64, 128 + x % 64)
      }
      function string(   c, text, x, y) {
        blank()
        if (b[at++] != 34) return 0
        text = ""
        for (;;) {
          if (at > n || b[at] < 32) return 0
          c = b[at++]
          if (c == 34) { taken = text; blank(); return 1 }
          if (c != 92) { text = text sprintf("%02x", c); continue }
          if (at > n) return 0
          c = b[at++]
          if (c == 34 || c == 92 || c == 47) text = text sprintf("%02x", c)
          else if (c == 98) text = text "08"
          else if (c == 102) text = text "0c"
          else if (c == 110) text = text "0a"
          else if (c == 114) text = text "0d"
          else if (c == 116) text = text "09"
          else if (c == 117) {
            x = unit()
            if (x < 0 || (x >= 56320 && x <= 57343)) return 0
            if (x >= 55296 && x <= 56319) {
              if (b[at++] != 92 || b[at++] != 117) return 0
              y = unit()
              if (y < 56320 || y > 57343) return 0
              x = 65536 + (x - 55296) * 1024 + y - 56320
            }
            text = text put(x)
          }
          else return 0
        }
      }
      { collect() }
      END {
        at = 1; blank()
        if (!utf8() || b[at++] != 91 || !string()) exit 1
        salt = taken
        if (b[at++] != 44 || !string()) exit 1
        name = taken
        if (b[at++] != 44 || !string()) exit 1
        opened = taken
        if (b[at++] != 93) exit 1
        blank()
        if (at != n + 1 || length(salt) < 44) exit 1
        for (i = 1; i < length(salt); i += 2) {
          c = substr(salt, i, 2)
          if (!(c == "2d" || c == "5f" || (c >= "30" && c <= "39") || (c >= "41" && c <= "5a") || (c >= "61" && c <= "7a"))) exit 1
        }
        print digest, "x" name, "x" opened
      }' > "$t/one" || return 1
    read -r digest name opened < "$t/one"
    [ "$name" != x2e2e2e ] || return 1
    if grep -q -x "${name#x}" "$t/members" || grep -q -e "^$digest " -e " $name " "$t/opened"; then return 1; fi
    printf '%s %s %s\n' "$digest" "$name" "$opened" >> "$t/opened"
  done < "$t/disclosures"
}

# Step 8. Names and values are compared in hexadecimal.
check_documents() {
  [ ! -s "$t/docs" ] || awk '
    FILENAME ~ /recorded$/ { recorded[$2] = $1; next }
    FILENAME ~ /opened$/ { opened[substr($2, 2)] = substr($3, 2); next }
    {
      hash = ""
      for (i = 1; i <= 64; i++) { c = substr($1, i, 1); hash = hash sprintf("%02x", c ~ /[0-9]/ ? 48 + c : 96 + index("abcdef", c)) }
      short = $2 == "61677265656d656e74" ? "agreement" : $2 == "73746174656d656e74" ? "statement" : $2 == "627574746f6e" ? "button" : $2 == "73637265656e" ? "screen" : ""
      held = short != "" ? recorded[short] : opened[$2]
      if (held != hash) exit 1
    }' "$t/recorded" "$t/opened" "$t/docs" || return 1
  for document in "$@"; do
    hash=$(sha256 "$document" | od -An -v -tx1 | tr -d ' \n' | od -An -v -tx1 | tr -d ' \n')
    if grep -q -x "$hash agreement" "$t/recorded"; then
      [ ! -s "$t/length" ] || [ "$(cat "$t/length")" -eq "$(wc -c < "$document")" ] || return 1
    else
      grep -q -e "^$hash " "$t/recorded" || grep -q " x$hash\$" "$t/opened" || return 1
    fi
  done
}

judge() {
  answer OK ''
  for file in "$@"; do [ -r "$file" ] && [ -f "$file" ] || { answer E_UNCHECKED "$file cannot be read"; return; }; done
  receipt=$1
  shift
  rm -f "$t"/extra* "$t"/entry* "$t"/tst
  for file in path signatures signed disclosures docs digests members recorded opened length; do : > "$t/$file"; done
  read_receipt "$receipt" || { answer E_FORMAT 'the file is not spelled as a receipt is'; return; }
  [ -z "$bad_policy" ] || { answer E_POLICY 'the policy is not understood'; return; }
  check_note
  [ "$code" = OK ] || return
  is_included || { answer E_PATH "entry $index is not in the tree of size $size"; return; }
  read_entry || { answer E_ENTRY "entry $index is not in its canonical form"; return; }
  check_disclosures || { answer E_DISCLOSURE "a disclosure does not belong to entry $index"; return; }
  check_documents "$@" || { answer E_DOC "a document is not the one of entry $index"; return; }
  [ ! -s "$t/tst" ] || { answer E_TST 'no time stamp authority is configured'; return; }
  withheld=$(($(wc -l < "$t/digests") - $(wc -l < "$t/opened")))
  answer OK "entry $index of $size in $origin"
  [ "$withheld" -eq 0 ] || place="$place; $withheld withheld, proof intact"
}

use_policy() {
  bad_policy=''
  read_policy "$1" || bad_policy=1
}

if ! command -v openssl > /dev/null; then
  echo 'E_UNCHECKED openssl is not there'
  exit 19
fi

case $#:$1 in
  3:--list)
    use_policy "$3"
    while read -r listed; do
      judge "$listed"
      printf '%s %s\n' "$code" "$listed"
    done < "$2"
    exit 0
    ;;
  0:* | 1:* | *:-*)
    echo 'usage: sh verify.sh RECEIPT POLICY [DOCUMENT...]'
    exit 2
    ;;
esac

receipt=$1 policy=$2
shift 2
if [ -r "$policy" ] && [ -f "$policy" ]; then
  use_policy "$policy"
  judge "$receipt" "$@"
else
  answer E_UNCHECKED "$policy cannot be read"
fi
printf '%s %s\n' "$code" "$place"
case $code in
  OK) exit 0 ;;
  E_FORMAT) exit 10 ;;
  E_POLICY) exit 11 ;;
  E_SIG) exit 12 ;;
  E_QUORUM) exit 13 ;;
  E_PATH) exit 14 ;;
  E_ENTRY) exit 15 ;;
  E_DISCLOSURE) exit 16 ;;
  E_DOC) exit 17 ;;
  E_TST) exit 18 ;;
  *) exit 19 ;;
esac
