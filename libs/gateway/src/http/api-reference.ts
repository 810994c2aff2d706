import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { rollcallVersion } from '#libs/platform/database';

/** `/openapi.json` and the page that renders it, `/docs`: made from the routes' own schemas. */
export function serveApiReference(app: INestApplication, publicUrl: string): void {
  const config = new DocumentBuilder()
    .setTitle('Rollcall')
    .setVersion(rollcallVersion)
    .setDescription('Identity, profiles and membership of one user, on four surfaces.')
    .addServer(publicUrl)
    .addSecurity('engagementKey', { type: 'http', scheme: 'basic', description: 'The key as user name, the secret as password where the call needs it' })
    .addSecurity('clientCredentials', { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: { events: 'Customers and events', workbench: 'Custom fields' } } } })
    .addSecurity('bearer', { type: 'http', scheme: 'bearer', description: 'An access token of a user, or an API key' })
    .addSecurity('apiKey', { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key; X-Atlas-API-Key is the same' })
    .addSecurity('endUserToken', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token that your backend signed for its end user with the private half of an SDK key' })
    .build();
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  // Who opens the address in a browser wants to see something; the reference is what there is.
  app.getHttpAdapter().get('/', (_request: unknown, reply: { redirect(to: string): unknown }) => reply.redirect('/docs'));
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml' });
}
