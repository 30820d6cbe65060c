import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

/** A bound of a number: what is typed stays on the screen while the address follows it. */
export function Bound(props: {
  label: string;
  value: string | undefined;
  set: (text: string | undefined) => void;
  placeholder?: string;
}) {
  const [text, setText] = useState(props.value ?? '');
  useEffect(() => {
    if (props.value === undefined) setText('');
  }, [props.value]);
  return (
    <TextInput
      className="num grow"
      size="xs"
      label={props.label}
      placeholder={props.placeholder}
      inputMode="decimal"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        props.set(event.currentTarget.value || undefined);
      }}
    />
  );
}
