#include "server/http/infer_schemas.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "server/inference/datatype.h"

namespace rectifier::http {
namespace {

// What limits and datatypes say is filled in below.
constexpr char kSchemas[] = R"json({
  "InferRequest": {
    "type": "object",
    "required": ["inputs"],
    "additionalProperties": false,
    "properties": {
      "id": {"type": "string", "description": "It comes back."},
      "model_name": {"type": "string", "description": "That of the path, where it is given."},
      "parameters": {
        "type": "object",
        "description": "Arguments that are numbers or words, and `preset`.",
        "properties": {
          "binary_data_output": {
            "type": "boolean",
            "description": "Whether outputs that do not say so themselves come as binary data."
          }
        },
        "additionalProperties": {"$ref": "#/components/schemas/InferParameter"}
      },
      "inputs": {"type": "array", "items": {"$ref": "#/components/schemas/InferInput"}},
      "outputs": {"type": "array", "items": {"$ref": "#/components/schemas/InferRequestedOutput"}}
    }
  },
  "InferInput": {
    "type": "object",
    "description": "Its elements stand in `data`, in binary data behind the JSON, or in shared memory.",
    "required": ["name", "shape", "datatype"],
    "additionalProperties": false,
    "properties": {
      "name": {
        "type": "string",
        "description": "`x`, `gate` and `value` of a pair, `upstream`, or a parameter of the activation."
      },
      "shape": {"type": "array", "maxItems": 64, "items": {"type": ["integer", "string"], "pattern": "^[0-9]+$", "minimum": 0}},
      "datatype": {"$ref": "#/components/schemas/Datatype"},
      "data": {"$ref": "#/components/schemas/InferData"},
      "parameters": {
        "type": "object",
        "properties": {
          "binary_data_size": {
            "type": ["integer", "string"],
            "pattern": "^[0-9]+$",
            "minimum": 0,
            "description": "Bytes of binary data, which stand in the order of the inputs."
          },
          "binary_data": {"type": "boolean", "description": "It has no meaning for an input."}
        },
        "additionalProperties": {"$ref": "#/components/schemas/InferParameter"}
      }
    }
  },
  "InferRequestedOutput": {
    "type": "object",
    "required": ["name"],
    "additionalProperties": false,
    "properties": {
      "name": {
        "type": "string",
        "description": "`value`, `gradient` (`gradient.gate` and `gradient.value` of a pair), `second_derivative`, or `parameter_gradient.NAME`."
      },
      "parameters": {
        "type": "object",
        "properties": {
          "binary_data": {"type": "boolean"},
          "binary_data_size": {
            "type": ["integer", "string"],
            "pattern": "^[0-9]+$",
            "minimum": 0,
            "description": "It has no meaning for an output."
          }
        },
        "additionalProperties": {"$ref": "#/components/schemas/InferParameter"}
      }
    }
  },
  "InferResponse": {
    "type": "object",
    "required": ["model_name", "model_version", "outputs"],
    "additionalProperties": false,
    "properties": {
      "model_name": {"type": "string"},
      "model_version": {"type": "string"},
      "id": {"type": "string"},
      "outputs": {"type": "array", "items": {"$ref": "#/components/schemas/InferOutput"}}
    }
  },
  "InferOutput": {
    "type": "object",
    "description": "Without `data`, its parameters say where its elements are: in `binary_data_size` bytes behind the JSON, in the order of the outputs, or in shared memory.",
    "required": ["name", "datatype", "shape"],
    "additionalProperties": false,
    "properties": {
      "name": {"type": "string"},
      "datatype": {"$ref": "#/components/schemas/Datatype"},
      "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
      "parameters": {
        "type": "object",
        "additionalProperties": {"$ref": "#/components/schemas/InferParameter"}
      },
      "data": {"$ref": "#/components/schemas/InferData"}
    }
  },
  "InferParameter": {"type": ["number", "string", "boolean"]},
  "InferData": {
    "type": "array",
    "description": "Numbers, row by row, flat or nested as the shape is. NaN and infinities are strings.",
    "items": {
      "anyOf": [
        {"type": ["number", "boolean"]},
        {
          "type": "string",
          "pattern": "^(NaN|-?Infinity|-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?)$"
        },
        {"$ref": "#/components/schemas/InferData"}
      ]
    }
  },
  "Datatype": {"type": "string"}
})json";

}  // namespace

nlohmann::ordered_json InferSchemas(const InferLimits& limits) {
  nlohmann::ordered_json schemas = nlohmann::ordered_json::parse(kSchemas);
  const std::vector<std::string> datatypes = absl::StrSplit(DatatypesText(false), ", ");
  schemas["Datatype"]["enum"] = datatypes;
  nlohmann::ordered_json& request = schemas[kInferRequestSchema]["properties"];
  request["inputs"]["maxItems"] = limits.max_tensors;
  request["outputs"]["maxItems"] = limits.max_tensors;
  return schemas;
}

}  // namespace rectifier::http
