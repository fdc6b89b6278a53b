#include "server/reflection.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/read_error.h"
#include "server/status.h"

namespace rectifier {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using ProtoFile = google::protobuf::FileDescriptor;
using Question = grpc::reflection::v1::ServerReflectionRequest;
using Response = grpc::reflection::v1::ServerReflectionResponse;

// `file` and all that it imports, directly or not, each once.
std::vector<const ProtoFile*> WithImports(const ProtoFile* file) {
  std::vector<const ProtoFile*> files = {file};
  for (size_t next = 0; next < files.size(); ++next) {
    for (int i = 0; i < files[next]->dependency_count(); ++i) {
      const ProtoFile* import = files[next]->dependency(i);
      const bool is_known = std::find(files.begin(), files.end(), import) != files.end();
      if (!is_known) files.push_back(import);
    }
  }
  return files;
}

void SetError(grpc::StatusCode code, const std::string& message, Response* response) {
  response->mutable_error_response()->set_error_code(code);
  response->mutable_error_response()->set_error_message(message);
}

void SetNotFound(const std::string& what, Response* response) {
  SetError(grpc::StatusCode::NOT_FOUND, absl::StrFormat("this server knows no %s", what), response);
}

// Where `file` is null, `what` is not there.
void SetFile(const ProtoFile* file, const std::string& what, Response* response) {
  if (file == nullptr) return SetNotFound(what, response);
  for (const ProtoFile* each : WithImports(file)) {
    google::protobuf::FileDescriptorProto description;
    each->CopyTo(&description);
    response->mutable_file_descriptor_response()->add_file_descriptor_proto(
        description.SerializeAsString());
  }
}

void SetFileOfExtension(const DescriptorPool& pool,
                        const grpc::reflection::v1::ExtensionRequest& request, Response* response) {
  const Descriptor* type = pool.FindMessageTypeByName(request.containing_type());
  const FieldDescriptor* extension =
      type == nullptr ? nullptr : pool.FindExtensionByNumber(type, request.extension_number());
  SetFile(extension == nullptr ? nullptr : extension->file(),
          absl::StrFormat("extension %d of \"%s\"", request.extension_number(),
                          request.containing_type()),
          response);
}

void SetExtensionNumbers(const DescriptorPool& pool, const std::string& name, Response* response) {
  const Descriptor* type = pool.FindMessageTypeByName(name);
  if (type == nullptr) return SetNotFound(absl::StrFormat("message \"%s\"", name), response);
  std::vector<const FieldDescriptor*> extensions;
  pool.FindAllExtensions(type, &extensions);
  auto* numbers = response->mutable_all_extension_numbers_response();
  numbers->set_base_type_name(name);
  for (const FieldDescriptor* extension : extensions) {
    numbers->add_extension_number(extension->number());
  }
}

const DescriptorPool& Pool() {
  // Nothing else here uses v1alpha, so a linker would leave its description out.
  google::protobuf::LinkMessageReflection<grpc::reflection::v1alpha::ServerReflectionRequest>();
  return *DescriptorPool::generated_pool();
}

}  // namespace

// One call; deletes itself when it is over. Reading and writing take turns, all on one thread.
class Reflection::Conversation final : public CallHandler {
 public:
  Conversation(const Reflection& reflection, Call* call) : reflection_(reflection), call_(call) {
    call->set_handler(this);
    call->Read(&message_, Patience::kMessage);
  }

  void OnReadDone(ReadEnd end) override {
    if (end == ReadEnd::kNone) return call_->Finish(grpc::Status::OK);
    if (end == ReadEnd::kTooLate) return call_->Finish(ToGrpcStatus(ReadError(end)));
    Question question;
    if (!Parse(message_, &question)) {
      return call_->Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                        "the message is no ServerReflectionRequest"));
    }
    call_->Write(ToBytes(reflection_.Answer(question)));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return call_->Finish(grpc::Status::CANCELLED);
    call_->Read(&message_, Patience::kMessage);
  }

  void OnCancel() override {}  // what is under way ends without success

  void OnDone() override { delete this; }

 private:
  const Reflection& reflection_;
  Call* const call_;
  grpc::ByteBuffer message_;
};

void Reflection::Serve(Call* call) const { new Conversation(*this, call); }

Response Reflection::Answer(const Question& question) const {
  const DescriptorPool& pool = Pool();
  Response response;
  response.set_valid_host(question.host());
  *response.mutable_original_request() = question;
  switch (question.message_request_case()) {
    case Question::kFileByFilename:
      SetFile(pool.FindFileByName(question.file_by_filename()),
              absl::StrFormat("file \"%s\"", question.file_by_filename()), &response);
      break;
    case Question::kFileContainingSymbol:
      SetFile(pool.FindFileContainingSymbol(question.file_containing_symbol()),
              absl::StrFormat("symbol \"%s\"", question.file_containing_symbol()), &response);
      break;
    case Question::kFileContainingExtension:
      SetFileOfExtension(pool, question.file_containing_extension(), &response);
      break;
    case Question::kAllExtensionNumbersOfType:
      SetExtensionNumbers(pool, question.all_extension_numbers_of_type(), &response);
      break;
    case Question::kListServices:
      for (const std::string& service : services_) {
        response.mutable_list_services_response()->add_service()->set_name(service);
      }
      break;
    case Question::MESSAGE_REQUEST_NOT_SET:
      SetError(grpc::StatusCode::INVALID_ARGUMENT, "the question is empty", &response);
  }
  return response;
}

}  // namespace rectifier
