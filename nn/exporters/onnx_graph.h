// The graph of an ONNX file while it is made, for the conversions in onnx_functions.cpp.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/function_node.h"

namespace nn::exporters {

using Names = std::vector<std::string>;

// Adds operators and constants; each returns the name of its value.
class OnnxGraph {
 public:
  using Integers = std::vector<std::int64_t>;
  using Attribute = std::variant<std::int64_t, float, std::string, Integers>;
  using NodeAttributes = std::vector<std::pair<std::string_view, Attribute>>;

  explicit OnnxGraph(onnx::GraphProto& graph) : graph_(graph) {}

  std::string node(std::string_view op, const Names& inputs, const NodeAttributes& attributes = {});
  Names nodes(std::string_view op, const Names& inputs, std::size_t outputs,
              const NodeAttributes& attributes = {});
  // An initializer with this name, or with a new one.
  std::string constant(const autograd::Array& value, std::string name = {});
  std::string integers(const Integers& values);
  // A number of the same dtype as the other operand.
  std::string number(double value, autograd::Dtype dtype);

 private:
  std::string new_name(std::string_view stem);

  onnx::GraphProto& graph_;
  std::map<std::string, int, std::less<>> used_;
};

// One call of a function, to be written as operators.
struct OnnxCall {
  const autograd::FunctionNode& function;
  autograd::Attributes attributes;
  Names inputs;                       // of the values in the graph
  std::vector<autograd::Array> x, y;  // inputs and outputs

  autograd::Dtype dtype() const { return x[0].dtype(); }
  const autograd::Shape& shape() const { return x[0].shape(); }
  double number(std::string_view name) const { return attributes.get<double>(name); }
  std::int64_t integer(std::string_view name) const { return attributes.get<std::int64_t>(name); }
  const OnnxGraph::Integers& integers(std::string_view name) const;
  bool has(std::string_view name) const { return attributes.find(name) != nullptr; }
  // Throws: the function has no form in ONNX because of `why`.
  [[noreturn]] void fail(std::string_view why) const;
};

// Writes the call as operators and returns the names of its outputs.
Names convert(OnnxGraph& graph, const OnnxCall& call);

onnx::TensorProto_DataType onnx_type(autograd::Dtype dtype);

}  // namespace nn::exporters
