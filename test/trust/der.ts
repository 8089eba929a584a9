/** Writes certificates byte by byte (X.690, RFC 5280), so that tests can make any, good and bad. Nothing here reads one. */
import { createHash, type KeyObject, sign } from "node:crypto";

const tlv = (tag: number, content: Buffer): Buffer => {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
};

export const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, Buffer.concat(parts));
export const octets = (content: Buffer): Buffer => tlv(0x04, content);
export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text));
const set = (...parts: readonly Buffer[]): Buffer => tlv(0x31, Buffer.concat(parts));
const integer = (value: number): Buffer =>
  tlv(0x02, Buffer.from([0, value >> 8, value & 255].slice(value > 127 ? 0 : 2)));
const bits = (content: Buffer): Buffer => tlv(0x03, Buffer.concat([Buffer.from([0]), content]));
const explicit = (number: number, content: Buffer): Buffer => tlv(0xa0 + number, content);

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const own = [part & 127];
    for (let left = part >>> 7; left > 0; left >>>= 7) own.unshift((left & 127) | 128);
    bytes.push(...own);
  }
  return tlv(0x06, Buffer.from(bytes));
}

const time = (date: Date): Buffer =>
  tlv(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
const name = (common: string): Buffer => sequence(set(sequence(oid("2.5.4.3"), utf8(common))));
const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));

export function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), octets(value));
}

export const isAuthority: Buffer = extension("2.5.29.19", sequence(tlv(0x01, Buffer.from([255]))));
/** Who a certificate is for: an address of a page, or of a mailbox. */
export const subjectName = (subject: string): Buffer =>
  extension("2.5.29.17", sequence(tlv(subject.includes("://") ? 0x86 : 0x81, Buffer.from(subject))));

export interface CertificateParts {
  readonly issuer: string;
  readonly subject: string;
  readonly from: Date;
  readonly to: Date;
  readonly key: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** What an authority signs. */
export function toBeSigned({ issuer, subject, from, to, key, extensions }: CertificateParts): Buffer {
  return sequence(
    explicit(0, integer(2)),
    integer(1000),
    ecdsaWithSha256,
    name(issuer),
    sequence(time(from), time(to)),
    name(subject),
    key.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions)),
  );
}

/** A whole certificate. */
export function certificate(parts: CertificateParts, authority: KeyObject): Buffer {
  const tbs = toBeSigned(parts);
  return sequence(tbs, ecdsaWithSha256, bits(sign("sha256", tbs, authority)));
}

/** The stamp of a certificate log (RFC 6962, section 3.2) as an extension. `parts`: the certificate without it. */
export function logStamp(
  parts: CertificateParts,
  authority: KeyObject,
  log: { publicKey: KeyObject; privateKey: KeyObject },
  at: Date,
): Buffer {
  const tbs = toBeSigned(parts);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(at.getTime()));
  const issuerHash = sha256(authority.export({ type: "spki", format: "der" }));
  const length = Buffer.from([tbs.length >> 16, (tbs.length >> 8) & 255, tbs.length & 255]);
  const signed = Buffer.concat([
    Buffer.from([0, 0]),
    stamp,
    Buffer.from([0, 1]),
    issuerHash,
    length,
    tbs,
    Buffer.from([0, 0]),
  ]);
  const signature = sign("sha256", signed, log.privateKey);
  const entry = Buffer.concat([
    Buffer.from([0]),
    keyId(log.publicKey),
    stamp,
    Buffer.from([0, 0, 4, 3, signature.length >> 8, signature.length & 255]),
    signature,
  ]);
  const sized = (content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([content.length >> 8, content.length & 255]), content]);
  return extension("1.3.6.1.4.1.11129.2.4.2", octets(sized(sized(entry))));
}

/** The id of a log: the hash of its key. */
export function keyId(key: KeyObject): Buffer {
  return sha256(key.export({ type: "spki", format: "der" }));
}

export function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
