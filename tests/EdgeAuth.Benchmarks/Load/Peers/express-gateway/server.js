// Starts express-gateway from the folder in EG_CONFIG_DIR and creates the keys of the file in EG_KEYS ("apiKey id:secret" a line); says SEEDED when
// it is done. NODE_PATH must reach an installed express-gateway, and EG_ADMIN is the port of its management API.
const fs = require('fs');
const http = require('http');

const post = (path, body) => new Promise((resolve, reject) => {
  const headers = { 'content-type': 'application/json' };
  const request = http.request({ host: '127.0.0.1', port: +process.env.EG_ADMIN, path, method: 'POST', headers }, response => {
    let text = '';
    response.on('data', part => text += part);
    response.on('end', () => response.statusCode < 300 ? resolve(JSON.parse(text)) : reject(new Error(response.statusCode + ' ' + text)));
  });
  request.on('error', reject);
  request.end(JSON.stringify(body));
});

require('express-gateway')().load(process.env.EG_CONFIG_DIR).run().then(async () => {
  const lines = fs.readFileSync(process.env.EG_KEYS, 'utf8').split('\n').filter(Boolean);
  for (let i = 0; i < lines.length; i++) {
    const [keyId, keySecret] = lines[i].split(' ')[1].split(':');
    const user = await post('/users', { username: 'user' + i, firstname: 'a', lastname: 'b' });
    await post('/credentials', { consumerId: user.id, type: 'key-auth', credential: { keyId, keySecret } });
  }
  console.log('SEEDED', lines.length);
}).catch(error => { console.error(error); process.exit(1); });
