import { describe, expect, it } from 'vitest';
import { translator } from '../lib/i18n';

const { t, exists } = translator('en', {
  plain: 'Orders',
  filled: '{{count}} of {{max}}',
  refused: 'Refused',
  refused_late: 'Refused: too late',
});

describe('texts', () => {
  it('fills placeholders as they are, and what is missing with nothing', () => {
    expect(t('filled', { count: 0, max: '<b>' })).toBe('0 of <b>');
    expect(t('filled', { count: 3 })).toBe('3 of ');
  });
  it('chooses the variant of the context where there is one', () => {
    expect(t('refused', { context: 'late' })).toBe('Refused: too late');
    expect(t('refused', { context: 'early' })).toBe('Refused');
    expect(t('refused', { context: undefined })).toBe('Refused');
  });
  it('shows the stand-in for a missing text, or else its key', () => {
    expect(t('none', { defaultValue: 'Stand-in {{count}}', count: 2 })).toBe('Stand-in 2');
    expect(t('none')).toBe('none');
    expect([exists('plain'), exists('none')]).toEqual([true, false]);
  });
});
