/** The checksum of PNG, zip and gzip (ISO 3309, polynomial 0xedb88320), byte by byte. */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1 ? 0xedb88320 : 0) ^ (remainder >>> 1);
  return remainder;
});

/** Of `bytes[begin .. end)`, as an unsigned number. */
export function crc32(bytes: Uint8Array, begin = 0, end = bytes.length): number {
  let crc = -1;
  for (let i = begin; i < end; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
