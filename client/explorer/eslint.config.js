import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig(
  { ignores: ["build/", "dist/", "node_modules/", "src/messages/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", { max: 350 }],
      // Numbers read well in messages, and need no String() around them.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // protobuf's JSON calls its types so, and the others are alike.
      "@typescript-eslint/consistent-type-definitions": "off",
    },
  },
  {
    // What a component shows is one expression, however long it is.
    files: ["src/**/*.ts"],
    rules: {
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
);
