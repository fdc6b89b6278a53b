#include "server/http/infer_response_json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "grpc/slice.h"
#include "inference/inference_service.pb.h"
#include "server/http/error_response.h"
#include "server/http/json_text.h"
#include "server/http/message_to_json.h"
#include "server/http/tensor_json.h"
#include "server/inference/datatype.h"

namespace rectifier::http {
namespace {

using Reply = inference::ModelInferResponse;

constexpr uint64_t kBytesType = 2;

Response Defect() {
  return InferenceError(grpc::Status(grpc::StatusCode::INTERNAL, "the reply cannot be read"));
}

bool ReadVarint(absl::string_view* bytes, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && !bytes->empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes->front());
    bytes->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// The reply without its contents, which stay where they are: they may be hundreds of megabytes.
bool Split(absl::string_view bytes, Reply* reply, std::vector<absl::string_view>* contents) {
  std::string rest;
  while (!bytes.empty()) {
    const char* const begin = bytes.data();
    uint64_t tag, size;
    if (!ReadVarint(&bytes, &tag) || (tag & 7) != kBytesType || !ReadVarint(&bytes, &size) ||
        size > bytes.size()) {
      return false;
    }
    const absl::string_view content = bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (tag >> 3 == Reply::kRawOutputContentsFieldNumber) {
      contents->push_back(content);
    } else {
      rest.append(begin, static_cast<size_t>(bytes.data() - begin));
    }
  }
  return reply->ParseFromString(rest) &&
         contents->size() == static_cast<size_t>(reply->outputs_size());
}

void AppendMember(const char* name, const std::string& value, std::string* json) {
  absl::StrAppend(json, "\"", name, "\":");
  AppendJson(absl::string_view(value), json);
  *json += ',';
}

class Builder {
 public:
  Builder(const OutputForms& forms, size_t max_values) : forms_(forms), left_(max_values) {}

  // Null where there are too many numbers.
  std::optional<Response> Build(const Reply& reply, const std::vector<absl::string_view>& contents,
                                const grpc::Slice& whole) {
    json_ = "{";
    AppendMember("model_name", reply.model_name(), &json_);
    AppendMember("model_version", reply.model_version(), &json_);
    if (!reply.id().empty()) AppendMember("id", reply.id(), &json_);
    json_ += "\"outputs\":[";
    for (int i = 0; i < reply.outputs_size(); ++i) {
      if (i > 0) json_ += ',';
      if (!AppendOutput(reply.outputs(i), contents[static_cast<size_t>(i)], whole)) {
        return std::nullopt;
      }
    }
    json_ += "]}";
    return Finish();
  }

 private:
  bool AppendOutput(const Reply::InferOutputTensor& output, absl::string_view content,
                    const grpc::Slice& whole) {
    json_ += '{';
    AppendMember("name", output.name(), &json_);
    AppendMember("datatype", output.datatype(), &json_);
    json_ += "\"shape\":[";
    for (int i = 0; i < output.shape_size(); ++i) {
      absl::StrAppend(&json_, i > 0 ? "," : "", output.shape(i));
    }
    json_ += "],";
    if (output.parameters_size() > 0) {  // it is in shared memory, and they tell where
      AppendParameters(output);
      return true;
    }
    if (forms_.IsBinary(output.name())) {
      absl::StrAppend(&json_, "\"parameters\":{\"binary_data_size\":", content.size(), "}}");
      const auto offset =
          static_cast<size_t>(content.data() - reinterpret_cast<const char*>(whole.begin()));
      grpc_slice raw = whole.c_slice();
      binary_.emplace_back(grpc_slice_sub(raw, offset, offset + content.size()),
                           grpc::Slice::STEAL_REF);
      grpc_slice_unref(raw);
      return true;
    }
    const Datatype* const datatype = FindDatatype(output.datatype());
    if (datatype == nullptr || content.size() / datatype->size > left_) return false;
    left_ -= content.size() / datatype->size;
    json_ += "\"data\":";
    AppendElements(content, *datatype, &json_);
    json_ += '}';
    return true;
  }

  void AppendParameters(const Reply::InferOutputTensor& output) {
    json_ += "\"parameters\":{";
    bool is_first = true;
    for (const auto& [name, parameter] :
         std::map(output.parameters().begin(), output.parameters().end())) {
      if (!std::exchange(is_first, false)) json_ += ',';
      AppendJson(absl::string_view(name), &json_);
      json_ += ':';
      if (parameter.has_string_param()) {
        AppendJson(absl::string_view(parameter.string_param()), &json_);
      } else {  // no output of ours has one of another kind
        absl::StrAppend(&json_, parameter.int64_param());
      }
    }
    json_ += "}}";
  }

  Response Finish() {
    Response response = Response::Json(200, json_);
    if (binary_.empty()) return response;
    response.content_type = "application/octet-stream";
    response.fields.emplace_back("Inference-Header-Content-Length", absl::StrCat(json_.size()));
    for (grpc::Slice& slice : binary_) response.body.push_back(std::move(slice));
    return response;
  }

  const OutputForms& forms_;
  size_t left_;  // numbers that may still be written
  std::string json_;
  std::vector<grpc::Slice> binary_;
};

}  // namespace

Response InferResponse(const grpc::ByteBuffer& bytes, const OutputForms& forms, size_t max_values) {
  grpc::Slice whole;
  Reply reply;
  std::vector<absl::string_view> contents;
  if (!bytes.DumpToSingleSlice(&whole).ok() ||
      !Split({reinterpret_cast<const char*>(whole.begin()), whole.size()}, &reply, &contents)) {
    return Defect();
  }
  if (auto response = Builder(forms, max_values).Build(reply, contents, whole)) {
    return *std::move(response);
  }
  return InferenceError(grpc::Status(
      grpc::StatusCode::INVALID_ARGUMENT,
      absl::StrFormat("the outputs have more than %d numbers, which is the most that this server "
                      "gives in JSON; ask for them with binary_data",
                      max_values)));
}

}  // namespace rectifier::http
