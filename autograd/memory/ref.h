#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "autograd/memory/nodes.h"

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace autograd {

template <class T>
class Ref;
template <class T, class... A>
Ref<T> make_ref(A&&... arguments);

// A base class with an intrusive reference count: the object is deleted with the last Ref to it.
// Unlike std::shared_ptr there are no weak references. So the last Ref, which no other thread can
// copy any more, is released without a locked instruction, and a Ref can be made from `this`. With
// std::shared_ptr, reference counting took more than half of the time of building a graph once the
// process had a second thread.
//
//   struct Node : Counted { ... };
//   Ref<Node> node = make_ref<Node>(...);
class Counted {
 public:
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

  // The approximate number of Refs to this object.
  std::int64_t use_count() const { return handles_.load(std::memory_order_relaxed); }

  // Objects of derived classes are allocated in the pool, too.
  static void* operator new(std::size_t bytes) { return nodes::allocate(bytes); }
  static void operator delete(void* block, std::size_t bytes) noexcept {
    nodes::release(block, bytes);
  }

 protected:
  Counted() = default;
  ~Counted() = default;

 private:
  template <class T>
  friend class Ref;
  template <class T, class... A>
  friend Ref<T> make_ref(A&&... arguments);

  // Whether the process has never had a second thread, according to glibc.
  static bool alone() {
#if __has_include(<sys/single_threaded.h>)
    return __libc_single_threaded;
#else
    return false;
#endif
  }

  void acquire() const {
    if (alone())
      handles_.store(use_count() + 1, std::memory_order_relaxed);
    else
      handles_.fetch_add(1, std::memory_order_relaxed);
  }
  // Returns whether this was the last Ref.
  bool release() const {
    if (handles_.load(std::memory_order_acquire) == 1) return true;
    if (alone()) {
      handles_.store(use_count() - 1, std::memory_order_relaxed);
      return false;
    }
    return handles_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  mutable std::atomic<std::int64_t> handles_{0};
};

// A reference-counting pointer to a T derived from Counted. The object is deleted as a T: if it is
// of a derived class, T needs a virtual destructor.
template <class T>
class Ref {
 public:
  Ref() noexcept = default;
  Ref(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)
  explicit Ref(T* object) noexcept : object_(object) { acquire(); }
  Ref(const Ref& other) noexcept : Ref(other.object_) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <std::derived_from<T> D>
  Ref(Ref<D> other) noexcept  // NOLINT(google-explicit-constructor)
      : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() {
    if (object_ != nullptr && counted().release()) delete object_;
  }

  T* get() const { return object_; }
  T& operator*() const { return *object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

  // For a lazily initialised Ref, which one thread publishes once while other threads may read it.
  // A thread for which load() returns the object may use the Ref normally from then on.
  T* load() const {
    return std::atomic_ref(const_cast<T*&>(object_)).load(std::memory_order_acquire);
  }
  void publish(Ref first) {
    std::atomic_ref(object_).store(std::exchange(first.object_, nullptr),
                                   std::memory_order_release);
  }

  friend bool operator==(const Ref& a, const Ref& b) { return a.object_ == b.object_; }
  friend bool operator==(const Ref& a, std::nullptr_t) { return a.object_ == nullptr; }

 private:
  template <class D>
  friend class Ref;
  template <class D, class... A>
  friend Ref<D> make_ref(A&&... arguments);

  // Calls go through Counted, because a derived class may have members of the same names.
  const Counted& counted() const { return *object_; }
  void acquire() const {
    if (object_ != nullptr) counted().acquire();
  }

  T* object_ = nullptr;
};

template <class T, class... A>
Ref<T> make_ref(A&&... arguments) {
  static_assert(alignof(T) <= alignof(std::max_align_t), "the pool aligns no further");
  Ref<T> first;
  first.object_ = new T(std::forward<A>(arguments)...);
  first.counted().handles_.store(1, std::memory_order_relaxed);
  return first;
}

}  // namespace autograd
