plenary = Plenary
