#include "tests/integration/reflection_client.h"

#include <map>

#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"

namespace rectifier::testing {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptorProto;
using Question = grpc::reflection::v1::ServerReflectionRequest;
using Response = grpc::reflection::v1::ServerReflectionResponse;

// Builds `name` and, before it, what it imports. Gives whether all of it is in `files`.
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
    : stream_(channel, "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo") {}

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
  return stream_.Finish();
}

std::string ReflectionClient::Ask(const std::string& question) {
  stream_.Write(question);
  return stream_.Read().value_or("");
}

}  // namespace rectifier::testing
