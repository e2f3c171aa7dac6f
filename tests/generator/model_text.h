// A model as text, without its positions: two models are equal if their texts are.
#pragma once

#include <string>

#include "generator/model/mapping_model.h"

namespace twowayc {

std::string model_text(const MappingModel& model);

}  // namespace twowayc
