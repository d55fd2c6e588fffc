// Element names of maps are the keys, which may hold anything. The protocol writes them as XStream's XmlFriendlyNameCoder does:
// `_` doubled, `$` as `_-`, and what XML does not allow in a name as `_.` and four hexadecimal digits.

const isNameStart = (char: string): boolean =>
  /[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d]/.test(char);
const isNamePart = (char: string): boolean => isNameStart(char) || /[0-9.\-\u00b7]/.test(char);

export function encodeName(name: string): string {
  let encoded = '';
  // By UTF-16 unit, as Java does it: the four digits hold one unit.
  for (let i = 0; i < name.length; i += 1) {
    const char = name.charAt(i);
    if (char === '_') encoded += '__';
    else if (char === '$') encoded += '_-';
    else if (i === 0 ? isNameStart(char) : isNamePart(char)) encoded += char;
    else encoded += `_.${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
  return encoded;
}

export const decodeName = (name: string): string =>
  name.replace(/__|_-|_\.([0-9a-fA-F]{4})/g, (escaped, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escaped === '__' ? '_' : '$';
  });
