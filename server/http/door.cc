#include "server/http/door.h"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <list>
#include <new>
#include <thread>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "server/http/session.h"
#include "server/http/tls_context.h"
#include "server/posix/peer_name.h"

namespace rectifier::http {
namespace {

namespace asio = boost::asio;

constexpr absl::Duration kLook = absl::Milliseconds(5);

}  // namespace

class Door::Implementation {
 public:
  Implementation(Settings settings, const HttpMetrics& metrics)
      : settings_(std::move(settings)),
        router_(settings_.router),
        budget_(settings_.max_bytes, metrics.held_bytes()),
        tls_(settings_.tls),
        environment_{.io = io_,
                     .translators = translators_,
                     .router = router_,
                     .budget = budget_,
                     .metrics = metrics,
                     .timeouts = settings_.timeouts,
                     .handshake_timeout = settings_.handshake_timeout,
                     .is_draining = is_draining_},
        thread_([this] { Run(); }) {}

  ~Implementation() {
    HangUp();
    translators_.join();
    work_.reset();
    thread_.join();
  }

  void UseQueues(std::vector<CallQueue*> queues) { queues_ = std::move(queues); }

  void Take(FileDescriptor connection, int listener, bool is_unix) {
    auto kept = std::make_shared<FileDescriptor>(std::move(connection));
    asio::post(io_,
               [this, kept, listener, is_unix] { Begin(std::move(*kept), listener, is_unix); });
  }

  void AnnounceDrain() { is_draining_ = true; }

  void Drain(absl::Duration timeout) {
    const absl::Time end = absl::Now() + timeout;
    bool is_empty = false;
    while (!is_empty && absl::Now() < end) {
      absl::SleepFor(kLook);
      OnThread([this, &is_empty] {
        sessions_.remove_if([](const std::weak_ptr<Session>& weak) {
          const auto session = weak.lock();
          return session == nullptr || session->EndIfQuiet();
        });
        is_empty = sessions_.empty();
      });
    }
  }

  // No call is begun when it returns, so that the queues may go.
  void HangUp() {
    OnThread([this] {
      is_closed_ = true;
      for (const auto& weak : sessions_) {
        if (const auto session = weak.lock()) session->HangUp();
      }
      sessions_.clear();
    });
  }

 private:
  // Has `act` done by the thread, and waits for it.
  void OnThread(absl::FunctionRef<void()> act) {
    absl::Notification done;
    asio::post(io_, [act, &done] {
      act();
      done.Notify();
    });
    done.WaitForNotification();
  }

  // What has no memory to go on has ended its session by that.
  void Run() {
    for (;;) try {
        io_.run();
        return;
      } catch (const std::bad_alloc&) {
      }
  }

  void Begin(FileDescriptor connection, int listener, bool is_unix) {
    if (is_closed_) return;
    sessions_.remove_if([](const std::weak_ptr<Session>& each) { return each.expired(); });
    const bool is_encrypted = settings_.tls != nullptr && !is_unix;
    std::string peer = is_unix ? "unix:" : PeerName(connection.get());
    sessions_.push_back(StartSession(
        environment_,
        {.connection = std::move(connection),
         .peer = std::move(peer),
         .entrance = [this,
                      listener](FileDescriptor end) { settings_.enter(std::move(end), listener); },
         .queue = queues_[next_queue_++ % queues_.size()]},
        is_encrypted ? tls_.Current() : nullptr));
  }

  const Settings settings_;
  const Router router_;
  ByteBudget budget_;
  TlsContext tls_;
  std::atomic<bool> is_draining_ = false;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  asio::thread_pool translators_{1};
  SessionEnvironment environment_;
  std::vector<CallQueue*> queues_;
  // These belong to the thread.
  bool is_closed_ = false;
  size_t next_queue_ = 0;
  std::list<std::weak_ptr<Session>> sessions_;
  std::thread thread_;
};

Door::Door(Settings settings, const HttpMetrics& metrics)
    : implementation_(std::make_unique<Implementation>(std::move(settings), metrics)) {}
Door::~Door() = default;

void Door::UseQueues(std::vector<CallQueue*> queues) {
  implementation_->UseQueues(std::move(queues));
}
void Door::Take(FileDescriptor connection, int listener, bool is_unix) {
  implementation_->Take(std::move(connection), listener, is_unix);
}
void Door::AnnounceDrain() { implementation_->AnnounceDrain(); }
void Door::Drain(absl::Duration timeout) { implementation_->Drain(timeout); }
void Door::HangUp() { implementation_->HangUp(); }

}  // namespace rectifier::http
