import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import IconMoon from '@tabler/icons-react/dist/esm/icons/IconMoon.mjs';
import IconSun from '@tabler/icons-react/dist/esm/icons/IconSun.mjs';
import { switchLanguage, useTranslation } from '../lib/i18n';

/** Language and theme; both are remembered. */
export function Preferences() {
  const { t, i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = i18n.language === 'zh' ? 'en' : 'zh';
  return (
    <div className="row">
      <ActionIcon
        variant="default"
        size="md"
        w={44}
        aria-label={t('shell.language')}
        lang={other}
        onClick={() => void switchLanguage(other)}
      >
        {other === 'zh' ? '中文' : 'EN'}
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="md"
        aria-label={scheme === 'dark' ? t('shell.light') : t('shell.dark')}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </div>
  );
}
