/**
 * 12 to 128 characters, without the e-mail address; no mixture of signs is demanded.
 * @maxLength 256
 * @example "an old grey mare likes oats"
 */
export type NewPassword = string;
