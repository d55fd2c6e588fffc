/**
 * 12 to 128 characters, without the e-mail address, and more than words of the practice, one's own names and digits; no mixture of
 * signs is demanded.
 * @maxLength 256
 * @example "an old grey mare likes oats"
 */
export type NewPassword = string;
