// What gRPC's completion queues give back.
#ifndef RECTIFIER_SERVER_RPC_TAG_H_
#define RECTIFIER_SERVER_RPC_TAG_H_

namespace rectifier {

// Goes to gRPC with an operation, and comes back when it has ended.
class Tag {
 public:
  // This is called on the queue's thread. `ok` is gRPC's word for whether it was done.
  virtual void Ended(bool ok) = 0;

 protected:
  ~Tag() = default;
};

// A Tag that calls a function of the object it lies in.
template <class T, void (T::*kEnded)(bool ok)>
class MemberTag final : public Tag {
 public:
  explicit MemberTag(T* object) : object_(object) {}
  void Ended(bool ok) override { (object_->*kEnded)(ok); }

 private:
  T* const object_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_TAG_H_
