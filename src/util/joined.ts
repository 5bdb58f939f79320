type Values = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** The parts one after another in a new array of `Type`. */
export function joined<Type extends Values>(
  Type: new (length: number) => Type,
  parts: readonly Type[],
): Type {
  const whole = new Type(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
