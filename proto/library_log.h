// What gRPC and protobuf log by themselves, handed to us. How they do it depends on their
// generation: CMakeLists.txt chooses the source file.
#ifndef RECTIFIER_PROTO_LIBRARY_LOG_H_
#define RECTIFIER_PROTO_LIBRARY_LOG_H_

#include <string>

namespace rectifier {

// With a message that is fatal the process ends.
enum class LibraryLogLevel { kDebug, kInfo, kWarning, kError, kFatal };

// `library` is "grpc" or "protobuf".
using LibraryLogHandler = void (*)(const char* library, LibraryLogLevel level,
                                   const std::string& message);

// All messages go to the handler, from any thread, and nowhere else. It is called once, before
// other threads use the libraries.
void HandleLibraryLog(LibraryLogHandler handler);

}  // namespace rectifier

#endif  // RECTIFIER_PROTO_LIBRARY_LOG_H_
