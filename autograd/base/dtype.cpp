#include "autograd/base/dtype.h"

namespace autograd {

std::string_view name(Dtype dtype) {
  switch (dtype) {
    case Dtype::bool_:
      return "bool";
    case Dtype::uint8:
      return "uint8";
    case Dtype::int32:
      return "int32";
    case Dtype::int64:
      return "int64";
    case Dtype::float32:
      return "float32";
    case Dtype::float64:
      break;
  }
  return "float64";
}

}  // namespace autograd
