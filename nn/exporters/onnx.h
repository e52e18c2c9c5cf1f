// Writes a model as an ONNX file, which other runtimes execute: ONNX Runtime, TensorRT, OpenVINO.
//
// A build without libonnx has these functions, but they throw Error.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "autograd/graph/variable.h"
#include "nn/link.h"

namespace nn::exporters {

// The version of ONNX's operators that a file asks for.
inline constexpr int kOnnxOpset = 13;

struct OnnxOptions {
  // The parameters of this link get their paths as names, "l1/W"; other constants are numbered.
  Link* model = nullptr;
  // By default input_0, input_1, ... and output_0, output_1, ...
  std::vector<std::string> input_names = {};
  std::vector<std::string> output_names = {};
  std::string graph_name = "chainette";
};

// What is exported: it computes outputs from inputs by differentiable functions.
using OnnxFunction = std::function<autograd::Variables(const autograd::Variables&)>;

// Calls `compute` once, with config().train = false and without building a graph, and writes the
// functions that it calls to the file, which appears complete or not at all.
//
//   nn::exporters::export_onnx("decoder.onnx",
//                              [&](const Variables& in) { return Variables{model.decode(in[0])}; },
//                              {z}, {.model = &model});
//
// The shapes of the file are those of `inputs`. What `compute` does outside the differentiable
// functions (a choice by if, a loop, the arithmetic of arrays, functions without a gradient such as
// floor, sign and argmax) is done now, and its results are constants of the file. Every function that is called must have a form in ONNX: those of
// onnx_functions() have one. Throws Error if one has none, and if no output depends on an input.
void export_onnx(const std::string& path, const OnnxFunction& compute,
                 const autograd::Variables& inputs, const OnnxOptions& options = {});

// The names of the functions that can be exported, in alphabetical order.
std::vector<std::string> onnx_functions();

}  // namespace nn::exporters
