#include "generator/emit/pocketbase/default_users.h"

namespace twowayc {

std::string_view default_users_object() {
  return R"js(  {
    "id": "_pb_users_auth_",
    "name": "users",
    "type": "auth",
    "listRule": "id = @request.auth.id",
    "viewRule": "id = @request.auth.id",
    "createRule": "",
    "updateRule": "id = @request.auth.id",
    "deleteRule": "id = @request.auth.id",
    "authRule": "",
    "manageRule": null,
    "passwordAuth": { "enabled": true, "identityFields": ["email"] },
    "authAlert": { "enabled": true },
    "oauth2": { "enabled": false, "mappedFields": { "id": "", "name": "name", "username": "",
        "avatarURL": "avatar" } },
    "otp": { "enabled": false },
    "mfa": { "enabled": false },
    "fields": [
      { "id": "text3208210256", "name": "id", "type": "text", "system": true, "required": true, "primaryKey": true,
          "pattern": "^[a-z0-9]+$", "min": 15, "max": 15, "autogeneratePattern": "[a-z0-9]{15}" },
      { "id": "password901924565", "name": "password", "type": "password", "system": true, "hidden": true,
          "required": true, "min": 8 },
      { "id": "text2504183744", "name": "tokenKey", "type": "text", "system": true, "hidden": true,
          "required": true, "min": 30, "max": 60, "autogeneratePattern": "[a-zA-Z0-9]{50}" },
      { "id": "email3885137012", "name": "email", "type": "email", "system": true, "required": true },
      { "id": "bool1547992806", "name": "emailVisibility", "type": "bool", "system": true },
      { "id": "bool256245529", "name": "verified", "type": "bool", "system": true },
      { "id": "text1579384326", "name": "name", "type": "text", "max": 255 },
      { "id": "file376926767", "name": "avatar", "type": "file", "maxSelect": 1, "mimeTypes": ["image/jpeg",
          "image/png", "image/svg+xml", "image/gif", "image/webp"] },
      { "id": "autodate2990389176", "name": "created", "type": "autodate", "onCreate": true, "onUpdate": false },
      { "id": "autodate3332085495", "name": "updated", "type": "autodate", "onCreate": true, "onUpdate": true }
    ],
    "indexes": [
      "CREATE UNIQUE INDEX `idx_tokenKey__pb_users_auth_` ON `users` (`tokenKey`)",
      "CREATE UNIQUE INDEX `idx_email__pb_users_auth_` ON `users` (`email`) WHERE `email` != ''"
    ]
  })js";
}

}  // namespace twowayc
