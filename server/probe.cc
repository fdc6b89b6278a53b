#include "server/probe.h"

#include <chrono>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "server/posix/listen_address.h"
#include "server/rpc/message_bytes.h"
#include "server/security/read_file.h"
#include "server/service_name.h"

namespace rectifier {
namespace {

constexpr std::chrono::seconds kTimeout(5);
constexpr char kCheck[] = "/grpc.health.v1.Health/Check";

using Credentials = std::shared_ptr<grpc::ChannelCredentials>;

absl::StatusOr<Credentials> CredentialsFor(const std::string& target,
                                           const SecurityOptions& security) {
  const bool is_plain =
      security.probe_ca.empty() || !UnixPath(target).empty() || target == security.health_listen;
  if (is_plain) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  struct File {
    const char* flag;
    const std::string& path;
    std::string* content;
  };
  for (const File& file :
       {File{"tls_ca", security.probe_ca, &options.pem_root_certs},
        File{"tls_certificate", security.tls.certificate, &options.pem_cert_chain},
        File{"tls_key", security.tls.key, &options.pem_private_key}}) {
    if (file.path.empty()) continue;
    absl::StatusOr<std::string> content = ReadCredentialsFile(file.flag, file.path);
    if (!content.ok()) return content.status();
    *file.content = *std::move(content);
  }
  return grpc::SslCredentials(options);
}

}  // namespace

absl::Status Probe(const std::string& target, const SecurityOptions& security) {
  const absl::StatusOr<Credentials> credentials = CredentialsFor(target, security);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  if (!security.probe_server_name.empty()) {
    arguments.SetSslTargetNameOverride(security.probe_server_name);
  }
  grpc::GenericStub stub(grpc::CreateCustomChannel(target, *credentials, arguments));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(kServiceName);
  grpc::ByteBuffer reply;
  grpc::Status status;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, kCheck, ToBytes(request), &queue);
  call->StartCall();
  call->Finish(&reply, &status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  if (!status.ok()) {
    return absl::UnavailableError(absl::StrFormat("%s: %s", target, status.error_message()));
  }
  grpc::health::v1::HealthCheckResponse response;
  if (!Parse(reply, &response) ||
      response.status() != grpc::health::v1::HealthCheckResponse::SERVING) {
    return absl::UnavailableError(absl::StrFormat("%s: NOT_SERVING", target));
  }
  return absl::OkStatus();
}

}  // namespace rectifier
