import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/mantine.css';
import 'virtual:theme.css';
import './ui/app.css';
import { ApiProblem, onSignedOut } from './api/client';
import { createAppRouter } from './app/router';
import { startI18n } from './lib/i18n';
import { theme } from './ui/theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, fault) =>
        count < 2 && (!(fault instanceof ApiProblem) || fault.status === 0 || fault.status >= 500),
    },
  },
});
const router = createAppRouter(client);

onSignedOut(() => {
  const outside = ['/sign-in', '/sign-up', '/invitation', '/verify-email', '/reset-password', '/first-admin'];
  if (outside.includes(window.location.pathname)) return;
  const back = window.location.pathname + window.location.search;
  client.clear();
  void router.navigate({ to: '/sign-in', search: { back } });
});

await startI18n();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
      withStaticClasses={false}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
