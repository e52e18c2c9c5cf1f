#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace nn::training {

// A non-owning pointer to an lvalue, or an owning pointer to a moved rvalue.
template <class T>
std::shared_ptr<T> share(T& kept) {
  return {std::shared_ptr<void>(), &kept};
}
template <class T>
requires(!std::is_lvalue_reference_v<T>) std::shared_ptr<T> share(T&& given) {
  return std::make_shared<T>(std::forward<T>(given));
}
template <class T>
std::shared_ptr<T> share(std::shared_ptr<T> shared) {
  return shared;
}

}  // namespace nn::training
