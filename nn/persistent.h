#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

#include "autograd/array/array.h"

namespace nn {

// References to values that are saved with a link but not trained: running means, counters, texts.

// An array; an empty handle is Python's None.
struct PersistentArray {
  autograd::Array* place;
  std::optional<autograd::Dtype> dtype;      // of an array that is none yet, if it is known
  autograd::Dtype* dtype_of_link = nullptr;  // where the link keeps it, for cast() to change

  // Copies the values, converted to the array's dtype: in place if the array has the same shape,
  // else to new memory.
  void set(const autograd::Array& values) const;
};

// An integer of any width.
class PersistentInteger {
 public:
  template <std::integral T>
  explicit PersistentInteger(T& place)
      : place_(&place),
        get_([](const void* p) { return static_cast<std::int64_t>(*static_cast<const T*>(p)); }),
        set_([](void* p, std::int64_t value) { *static_cast<T*>(p) = static_cast<T>(value); }),
        fits_([](std::int64_t value) {
          return static_cast<std::int64_t>(static_cast<T>(value)) == value &&
                 (sizeof(T) == sizeof value || std::signed_integral<T> || value >= 0);
        }),
        bits_(static_cast<int>(8 * sizeof(T))),
        is_signed_(std::signed_integral<T>) {}

  const void* place() const { return place_; }
  std::int64_t get() const { return get_(place_); }
  bool fits(std::int64_t value) const { return fits_(value); }
  void set(std::int64_t value) const { set_(place_, value); }
  int bits() const { return bits_; }
  bool is_signed() const { return is_signed_; }

 private:
  void* place_;
  std::int64_t (*get_)(const void*);
  void (*set_)(void*, std::int64_t);
  bool (*fits_)(std::int64_t);
  int bits_;
  bool is_signed_;
};

// A floating point number of any width.
class PersistentFloat {
 public:
  template <std::floating_point T>
  explicit PersistentFloat(T& place)
      : place_(&place),
        get_([](const void* p) { return static_cast<double>(*static_cast<const T*>(p)); }),
        set_([](void* p, double value) { *static_cast<T*>(p) = static_cast<T>(value); }) {}

  const void* place() const { return place_; }
  double get() const { return get_(place_); }
  void set(double value) const { set_(place_, value); }

 private:
  void* place_;
  double (*get_)(const void*);
  void (*set_)(void*, double);
};

using Persistent =
    std::variant<PersistentArray, PersistentInteger, PersistentFloat, bool*, std::string*>;

inline const void* place_of(const Persistent& value) {
  return std::visit(
      []<class T>(const T& v) -> const void* {
        if constexpr (std::is_pointer_v<T>)
          return v;
        else if constexpr (std::is_same_v<T, PersistentArray>)
          return v.place;
        else
          return v.place();
      },
      value);
}

}  // namespace nn
