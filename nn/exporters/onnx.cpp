#include "nn/exporters/onnx.h"

#include <fmt/format.h>

#include "autograd/base/error.h"

#ifdef CHAINETTE_ONNX

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "autograd/graph/config.h"
#include "autograd/graph/hook.h"
#include "nn/exporters/onnx_graph.h"
#include "nn/files/write_file.h"

namespace nn::exporters {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::FunctionNode;
using autograd::Inputs;
using autograd::Shape;
using autograd::Variable;
using autograd::Variables;

onnx::TensorProto_DataType onnx_type(Dtype dtype) {
  switch (dtype) {
    case Dtype::bool_:
      return onnx::TensorProto::BOOL;
    case Dtype::uint8:
      return onnx::TensorProto::UINT8;
    case Dtype::int32:
      return onnx::TensorProto::INT32;
    case Dtype::int64:
      return onnx::TensorProto::INT64;
    case Dtype::float32:
      return onnx::TensorProto::FLOAT;
    case Dtype::float64:
      break;
  }
  return onnx::TensorProto::DOUBLE;
}

// ---- the graph

std::string OnnxGraph::new_name(std::string_view stem) {
  return fmt::format("{}_{}", stem, used_[std::string(stem)]++);
}

Names OnnxGraph::nodes(std::string_view op, const Names& inputs, std::size_t outputs,
                       const NodeAttributes& attributes) {
  onnx::NodeProto& node = *graph_.add_node();
  const std::string name = new_name(op);
  node.set_name(name);
  node.set_op_type(std::string(op));
  for (const std::string& input : inputs) node.add_input(input);
  Names names;
  for (std::size_t i = 0; i < outputs; ++i)
    names.push_back(outputs == 1 ? name : fmt::format("{}_{}", name, i));
  for (const std::string& output : names) node.add_output(output);
  for (const auto& [key, value] : attributes) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(std::string(key));
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      attribute.set_type(onnx::AttributeProto::INT);
      attribute.set_i(*integer);
    } else if (const auto* number = std::get_if<float>(&value)) {
      attribute.set_type(onnx::AttributeProto::FLOAT);
      attribute.set_f(*number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      attribute.set_type(onnx::AttributeProto::STRING);
      attribute.set_s(*text);
    } else {
      attribute.set_type(onnx::AttributeProto::INTS);
      for (const std::int64_t n : std::get<Integers>(value)) attribute.add_ints(n);
    }
  }
  return names;
}

std::string OnnxGraph::node(std::string_view op, const Names& inputs,
                            const NodeAttributes& attributes) {
  return nodes(op, inputs, 1, attributes)[0];
}

std::string OnnxGraph::constant(const Array& value, std::string name) {
  if (name.empty()) name = new_name("constant");
  const Array a = value.contiguous();
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx_type(a.dtype()));
  for (const auto n : a.shape()) tensor.add_dims(n);
  tensor.set_raw_data(a.raw(), static_cast<std::size_t>(a.size()) * item_size(a.dtype()));
  return name;
}

std::string OnnxGraph::integers(const Integers& values) { return constant(Array::from(values)); }

std::string OnnxGraph::number(double value, Dtype dtype) {
  return constant(Array::full({}, value, dtype));
}

const OnnxGraph::Integers& OnnxCall::integers(std::string_view name) const {
  const auto* const value = attributes.find(name);
  if (!value || !std::holds_alternative<OnnxGraph::Integers>(*value))
    fail(fmt::format("its {} is not known", name));
  return std::get<OnnxGraph::Integers>(*value);
}

void OnnxCall::fail(std::string_view why) const {
  throw Error(
      fmt::format("export_onnx: every function must have a form in ONNX, but {} has none: {}",
                  function.name(), why));
}

// ---- the trace

namespace {

// What tells one value of the trace from another: where its elements lie. All arrays of the trace
// are kept, so that no memory is used twice.
using Place = std::tuple<const void*, std::vector<std::int64_t>, std::vector<std::int64_t>, Dtype>;
Place place_of(const Array& a) {
  const Shape& shape = a.shape();
  const Shape& strides = a.strides();
  return {a.raw(), {shape.begin(), shape.end()}, {strides.begin(), strides.end()}, a.dtype()};
}

// Writes each function that is called while it watches.
class Tracer : public autograd::FunctionHook {
 public:
  explicit Tracer(OnnxGraph& graph) : graph_(graph) {}

  void name(const Array& value, const std::string& name) {
    names_[place_of(value)] = name;
    kept_.push_back(value);
  }
  // A value that nobody has computed is a constant.
  std::string name_of(const Array& value) {
    const auto found = names_.find(place_of(value));
    if (found != names_.end()) return found->second;
    const auto known = parameters_.find(place_of(value));
    const std::string made =
        graph_.constant(value, known == parameters_.end() ? std::string() : known->second);
    name(value, made);
    return made;
  }
  void name_parameter(const Array& value, const std::string& name) {
    parameters_.emplace(place_of(value), name);
  }

  void forward_postprocess(const FunctionNode& function, const Inputs& inputs,
                           const autograd::Arrays& outputs) override {
    OnnxCall call{.function = function,
                  .attributes = function.attributes(),
                  .inputs = {},
                  .x = {},
                  .y = outputs};
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      call.x.push_back(inputs[i]);
      call.inputs.push_back(name_of(inputs[i]));
    }
    const Names names = convert(graph_, call);
    for (std::size_t i = 0; i < names.size(); ++i) name(outputs[i], names[i]);
  }

 private:
  OnnxGraph& graph_;
  std::map<Place, std::string> names_, parameters_;
  std::vector<Array> kept_;
};

void describe(onnx::ValueInfoProto& value, const std::string& name, const Array& array) {
  value.set_name(name);
  onnx::TypeProto_Tensor& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx_type(array.dtype()));
  onnx::TensorShapeProto& shape = *type.mutable_shape();
  for (const auto n : array.shape()) shape.add_dim()->set_dim_value(n);
}

std::string name_at(const std::vector<std::string>& names, std::size_t i, std::string_view stem) {
  return i < names.size() ? names[i] : fmt::format("{}_{}", stem, i);
}

// Removes the operators and constants that no output needs. Returns whether an input is needed.
bool prune(onnx::GraphProto& graph) {
  std::map<std::string, bool, std::less<>> needed;
  for (const auto& output : graph.output()) needed[output.name()] = true;
  std::vector<onnx::NodeProto> nodes(graph.node().begin(), graph.node().end());
  std::vector<onnx::NodeProto> kept;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (std::ranges::none_of(node->output(), [&](const auto& y) { return needed.contains(y); }))
      continue;
    for (const std::string& x : node->input()) needed[x] = true;
    kept.push_back(*node);
  }
  graph.clear_node();
  for (auto node = kept.rbegin(); node != kept.rend(); ++node) *graph.add_node() = *node;
  const std::vector<onnx::TensorProto> constants(graph.initializer().begin(),
                                                 graph.initializer().end());
  graph.clear_initializer();
  for (const auto& constant : constants)
    if (needed.contains(constant.name())) *graph.add_initializer() = constant;
  return std::ranges::any_of(graph.input(),
                             [&](const auto& x) { return needed.contains(x.name()); });
}

}  // namespace

void export_onnx(const std::string& path, const OnnxFunction& compute, const Variables& inputs,
                 const OnnxOptions& options) {
  onnx::ModelProto model;
  model.set_ir_version(7);  // of opset 13
  model.set_producer_name("Chainette");
  model.add_opset_import()->set_version(kOnnxOpset);
  onnx::GraphProto& proto = *model.mutable_graph();
  proto.set_name(options.graph_name);

  OnnxGraph graph(proto);
  Tracer tracer(graph);
  if (options.model)
    for (const auto& [name, parameter] : options.model->namedparams(false))
      tracer.name_parameter(parameter.array(), name.substr(name.starts_with('/')));
  Variables copies;  // of their own, so that no input is taken for a parameter or another input
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    copies.push_back(as_variable(inputs[i].array().copy()));
    const std::string name = name_at(options.input_names, i, "input");
    tracer.name(copies[i].array(), name);
    describe(*proto.add_input(), name, copies[i].array());
  }

  Variables outputs;
  {
    const auto test = autograd::using_config(&autograd::Config::train, false);
    const auto no_graph = autograd::no_backprop_mode();
    const auto watching = tracer.watch();
    outputs = compute(copies);
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string name = name_at(options.output_names, i, "output");
    const std::string computed = tracer.name_of(outputs[i].array());
    onnx::NodeProto& node = *proto.add_node();
    node.set_name(name);
    node.set_op_type("Identity");
    node.add_input(computed);
    node.add_output(name);
    describe(*proto.add_output(), name, outputs[i].array());
  }
  if (!prune(proto)) throw Error("export_onnx: an output must depend on an input, but none does");

  std::string bytes;
  if (!model.SerializeToString(&bytes))  // a limit of protobuf
    throw Error(fmt::format("export_onnx: {} must have less than 2 GB, but it has more", path));
  write_file(path, bytes, "export_onnx");
}

}  // namespace nn::exporters

#else

namespace nn::exporters {

void export_onnx(const std::string& path, const OnnxFunction&, const autograd::Variables&,
                 const OnnxOptions&) {
  throw autograd::Error(fmt::format(
      "export_onnx: chainette must be built with libonnx for {}, but it was built without", path));
}

std::vector<std::string> onnx_functions() { return {}; }

}  // namespace nn::exporters

#endif
