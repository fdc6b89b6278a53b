#include "tests/integration/reflection_client.h"

#include <chrono>
#include <map>

#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "tests/support/raw_call.h"

namespace rectifier::testing {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptorProto;
using Question = grpc::reflection::v1::ServerReflectionRequest;
using Response = grpc::reflection::v1::ServerReflectionResponse;

// Builds `name` and, before it, what it imports. Whether all of it is in `files`.
bool Build(const std::map<std::string, FileDescriptorProto>& files, const std::string& name,
           DescriptorPool* pool) {
  if (pool->FindFileByName(name) != nullptr) return true;
  const auto file = files.find(name);
  if (file == files.end()) return false;
  for (const std::string& import : file->second.dependency()) {
    if (!Build(files, import, pool)) return false;
  }
  return pool->BuildFile(file->second) != nullptr;
}

}  // namespace

ReflectionClient::ReflectionClient(const std::shared_ptr<grpc::Channel>& channel,
                                   const std::string& version)
    : stub_(channel) {
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  stream_ = stub_.PrepareCall(
      &context_, "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo", &queue_);
  stream_->StartCall(nullptr);
  Await();
}

ReflectionClient::~ReflectionClient() {
  if (is_finished_) return;
  context_.TryCancel();
  grpc::Status status;
  stream_->Finish(&status, nullptr);
  Await();
}

std::vector<std::string> ReflectionClient::ListServices() {
  Question question;
  question.set_list_services("*");
  Response response;
  if (!response.ParseFromString(Ask(question.SerializeAsString()))) return {};
  std::vector<std::string> names;
  for (const auto& service : response.list_services_response().service()) {
    names.push_back(service.name());
  }
  return names;
}

bool ReflectionClient::Describe(const std::string& symbol, DescriptorPool* pool) {
  Question question;
  question.set_file_containing_symbol(symbol);
  Response response;
  if (!response.ParseFromString(Ask(question.SerializeAsString()))) return false;
  std::map<std::string, FileDescriptorProto> files;
  std::string first;
  for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
    FileDescriptorProto file;
    if (!file.ParseFromString(bytes)) return false;
    if (first.empty()) first = file.name();
    files[file.name()] = file;
  }
  return Build(files, first, pool);
}

grpc::Status ReflectionClient::SendBytes(const std::string& bytes) {
  Ask(bytes);
  grpc::Status status;
  stream_->Finish(&status, nullptr);
  Await();
  is_finished_ = true;
  return status;
}

std::string ReflectionClient::Ask(const std::string& question) {
  stream_->Write(ToByteBuffer(question), nullptr);
  Await();
  grpc::ByteBuffer answer;
  stream_->Read(&answer, nullptr);
  Await();
  return ToString(answer);
}

void ReflectionClient::Await() {
  void* tag;
  bool ok;
  queue_.Next(&tag, &ok);
}

}  // namespace rectifier::testing
