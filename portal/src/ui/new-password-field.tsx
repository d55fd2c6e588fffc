import { useLingui } from '@lingui/react/macro';
import { TextField } from './field.tsx';

const lengthMin = 12;

export const isLongEnough = (password: string): boolean => password.length >= lengthMin;

interface Props {
  value: string;
  onChange: (value: string) => void;
  isShown: boolean;
  /** It was sent, or meant to be. */
  isTried: boolean;
  /** The code of the refusal, where there was one. */
  refusal?: string;
}

/** A password that somebody chooses, with what makes one suitable. */
export function NewPasswordField({ value, onChange, isShown, isTried, refusal }: Props) {
  const { t } = useLingui();
  const tooShort = isTried && !isLongEnough(value) ? t`Give at least ${lengthMin} characters.` : undefined;
  return (
    <TextField
      type={isShown ? 'text' : 'password'}
      label={t`New password`}
      hint={t`At least ${lengthMin} characters, without your e-mail address. A few words are good.`}
      autoComplete="new-password"
      maxLength={256}
      problem={
        refusal === 'AUTH.PASSWORD_UNSUITABLE'
          ? t`This one is too easily guessed, holds your address, or is in use. Choose another.`
          : tooShort
      }
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
