export { type Address, readAddress } from './address.js';
export { isRealDate } from './dates.js';
export { foldName, nameWords, readName, searchText, sortText, tidy, wordsAsked } from './names.js';
export { type ContactPoint, readTelecom, toE164, toEmail } from './telecom.js';
